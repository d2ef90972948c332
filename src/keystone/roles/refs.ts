import { Type } from 'typebox'
import { is } from '../attributes.ts'
import { found } from '../refusals.ts'
import { roleById, roleByName } from './store.ts'
import type { Db } from '../../kernel/sql/tables.ts'

/** A role that is named by its id or its name, as where somebody hands on some of his. */
export const RoleRef = Type.Object({ id: Type.Optional(is.id), name: Type.Optional(is.name(255)) })

/** The ids of roles, each once. Refuses, as not found, one that is not there. */
export async function idsOfRoles(db: Db, refs: readonly Type.Static<typeof RoleRef>[]): Promise<string[]> {
  const ids = new Set<string>()
  for (const { id, name } of refs) {
    const role = id === undefined ? await roleByName(db, { domainId: '', name: name ?? '' }) : await roleById(db, id)
    ids.add(found(role, 'role', id ?? name ?? '').id)
  }
  return [...ids]
}
