import type { Db } from '../../kernel/sql/tables.ts'
import { hostsByName } from '../hosts/store.ts'

/** What nova says of servers' hosts, by host: UP, DOWN or MAINTENANCE. */
export async function hostStatuses(db: Db, servers: readonly { readonly host: string | null }[]): Promise<Map<string, string>> {
  const names = [...new Set(servers.flatMap(({ host }) => host ?? []))]
  const hosts = await hostsByName(db, names)
  return new Map([...hosts].map(([name, host]) => [name, host.disabled ? 'MAINTENANCE' : host.up ? 'UP' : 'DOWN']))
}
