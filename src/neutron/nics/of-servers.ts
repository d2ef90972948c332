import { floatingIpRowsOfServers, groupRowsOfServers, portRowsOfServers } from './of-servers-store.ts'
import type { ServerNic } from './nic.ts'
import type { Db } from '../../kernel/sql/tables.ts'

/** An interface while its addresses come together. */
type Building = ServerNic & { readonly fixedIps: ServerNic['fixedIps'][number][] }

/** The interfaces of each of these servers, in the order in which they were made; three queries for any number. */
export async function nicsOf(db: Db, serverIds: readonly string[]): Promise<Map<string, ServerNic[]>> {
  const nics = new Map<string, ServerNic[]>()
  if (serverIds.length === 0) return nics
  const [ports, groups, floating] = await Promise.all([
    portRowsOfServers(db, serverIds),
    groupRowsOfServers(db, serverIds),
    floatingIpRowsOfServers(db, serverIds),
  ])
  const groupsOf = Map.groupBy(groups, (row) => row.port_id)
  const floatingOf = Map.groupBy(floating, (row) => row.port_id)
  const known = new Map<string, Building>()
  for (const row of ports) {
    let nic = known.get(row.id)
    if (!nic) {
      nic = {
        portId: row.id,
        networkId: row.network_id,
        networkName: row.name,
        mac: row.mac_address,
        state: row.status,
        fixedIps: [],
        floatingIps: (floatingOf.get(row.id) ?? []).map((ip) => ({
          address: ip.floating_ip_address,
          fixedAddress: ip.fixed_ip_address ?? '',
        })),
        securityGroups: (groupsOf.get(row.id) ?? []).map(({ id, name }) => ({ id, name })),
      }
      known.set(row.id, nic)
      const siblings = nics.get(row.device_id)
      if (siblings) siblings.push(nic)
      else nics.set(row.device_id, [nic])
    }
    if (row.address !== null)
      nic.fixedIps.push({ address: row.address, version: row.address.includes(':') ? 6 : 4, subnetId: row.subnet_id! })
  }
  return nics
}
