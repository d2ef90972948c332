import { hostOf, hostRows, type Host } from '../hosts/store.ts'
import type { Db } from '../../kernel/sql/tables.ts'

export interface HypervisorSearch {
  /** Part of a name. */
  readonly pattern?: string | undefined
  /** The number of the hypervisor before the page. */
  readonly after?: number | undefined
  readonly limit: number
}

/** One page of hypervisors, in the order in which they came. */
export async function listHypervisors(db: Db, { pattern, after, limit }: HypervisorSearch): Promise<Host[]> {
  let query = hostRows(db).orderBy('h.number').limit(limit)
  if (pattern !== undefined) query = query.where('h.name', 'like', `%${pattern.replaceAll(/[\\%_]/g, '\\$&')}%`)
  if (after !== undefined) query = query.where('h.number', '>', after)
  return (await query.execute()).map(hostOf)
}

/** A hypervisor by its number, or since 2.53 by its id. */
export async function hypervisorBy(db: Db, key: { id: string } | { number: number }): Promise<Host | undefined> {
  const query = 'id' in key ? hostRows(db).where('h.id', '=', key.id) : hostRows(db).where('h.number', '=', key.number)
  const row = await query.executeTakeFirst()
  return row && hostOf(row)
}
