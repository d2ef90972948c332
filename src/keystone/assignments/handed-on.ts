import { allImplications } from '../roles/store.ts'
import { closureOf } from './effective.ts'
import type { Db } from '../../kernel/sql/tables.ts'

interface Ref {
  readonly id: string
}

/** Of the roles that a user holds, those that he handed on with what they imply. Undefined when he handed on none, or has lost one of them. */
export async function handedOn<R extends Ref>(db: Db, roles: readonly Ref[], held: readonly R[]): Promise<readonly R[] | undefined> {
  if (roles.length === 0 || roles.some((role) => !held.some((one) => one.id === role.id))) return undefined
  const implications = await allImplications(db)
  const given = new Set(roles.flatMap((role) => closureOf(role.id, implications)))
  return held.filter((role) => given.has(role.id))
}
