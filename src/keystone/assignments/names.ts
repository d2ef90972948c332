import { namesOfIds, type NameRow } from './name-store.ts'
import type { Db } from '../../kernel/sql/tables.ts'

/** Names of everything that a list of assignments mentions. */
export type Names = ReadonlyMap<string, NameRow>

/** Looks them all up with four questions, whatever the number of assignments. */
export async function namesFor(db: Db, mentioned: readonly { actor: string; target: string; role: string }[]): Promise<Names> {
  const actors = mentioned.map((one) => one.actor)
  const targets = mentioned.map((one) => one.target)
  const roles = mentioned.map((one) => one.role)
  const [users, groups, projects, roleRows] = await Promise.all([
    namesOfIds(db, 'keystone_users', actors),
    namesOfIds(db, 'keystone_groups', actors),
    namesOfIds(db, 'keystone_projects', targets),
    namesOfIds(db, 'keystone_roles', roles),
  ])
  const domains = await namesOfIds(
    db,
    'keystone_projects',
    [...users, ...groups, ...projects, ...roleRows].map((row) => row.domain_id),
  )
  return new Map([...domains, ...users, ...groups, ...projects, ...roleRows].map((row) => [row.id, row]))
}

/** A reference as lists of assignments hold it: the id, and with names also the name and the domain. */
export function refOf(names: Names | undefined, id: string): object {
  const row = names?.get(id)
  if (!row) return { id }
  if (row.domain_id === '') return { id, name: row.name }
  return { id, name: row.name, domain: { id: row.domain_id, name: names!.get(row.domain_id)?.name ?? row.domain_id } }
}
