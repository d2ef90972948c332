import { rowsOfServers } from './of-servers-store.ts'
import type { ServerNic } from './nic.ts'
import type { Db } from '../../kernel/sql/tables.ts'

type Lists = 'fixedIps' | 'floatingIps' | 'securityGroups'

/** An interface while its rows come together. */
type Building = Omit<ServerNic, Lists> & { readonly [List in Lists]: ServerNic[List][number][] }

/** The interfaces of each of these servers, in the order in which they were made; one query for any number. */
export async function nicsOf(db: Db, serverIds: readonly string[]): Promise<Map<string, ServerNic[]>> {
  const nics = new Map<string, ServerNic[]>()
  if (serverIds.length === 0) return nics
  let nic: Building | undefined
  for (const row of await rowsOfServers(db, serverIds)) {
    if (row.kind === 'address' && nic?.portId !== row.id) {
      nic = {
        portId: row.id,
        networkId: row.one,
        networkName: row.two ?? '',
        mac: row.three ?? '',
        state: row.four === 'ACTIVE' ? 'ACTIVE' : 'DOWN',
        fixedIps: [],
        floatingIps: [],
        securityGroups: [],
      }
      const siblings = nics.get(row.device_id)
      if (siblings) siblings.push(nic)
      else nics.set(row.device_id, [nic])
    }
    if (row.kind === 'address' && row.five !== null)
      nic!.fixedIps.push({ address: row.five, version: row.five.includes(':') ? 6 : 4, subnetId: row.six ?? '' })
    if (row.kind === 'floating') nic!.floatingIps.push({ address: row.one, fixedAddress: row.two ?? '' })
    if (row.kind === 'group') nic!.securityGroups.push({ id: row.one, name: row.two ?? '' })
  }
  return nics
}
