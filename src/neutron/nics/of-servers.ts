import { floatingIpsOfPorts } from '../floating-ips/of-ports.ts'
import { allocationsOfPorts, versionOf } from '../ipam/store.ts'
import { networksById } from '../networks/store.ts'
import { portsOfDevices } from '../ports/store.ts'
import { groupsOfPorts } from '../security-groups/bindings.ts'
import type { ServerNic } from './nic.ts'
import type { Db } from '../../kernel/sql/tables.ts'

/** The interfaces of each of these servers, in the order in which they were made; five queries for any number. */
export async function nicsOf(db: Db, serverIds: readonly string[]): Promise<Map<string, ServerNic[]>> {
  const ports = await portsOfDevices(db, serverIds)
  const portIds = ports.map((port) => port.id)
  const [networks, addresses, groups, floating] = await Promise.all([
    networksById(db, [...new Set(ports.map((port) => port.network_id))]),
    allocationsOfPorts(db, portIds),
    groupsOfPorts(db, portIds),
    floatingIpsOfPorts(db, portIds),
  ])
  const names = new Map(networks.map((network) => [network.id, network.name]))
  const nics = new Map<string, ServerNic[]>()
  for (const port of ports) {
    const nic: ServerNic = {
      portId: port.id,
      networkId: port.network_id,
      networkName: names.get(port.network_id) ?? '',
      mac: port.mac_address,
      state: port.status,
      fixedIps: (addresses.get(port.id) ?? []).map((row) => ({ address: row.address, version: versionOf(row), subnetId: row.subnet_id })),
      floatingIps: floating.get(port.id) ?? [],
      securityGroups: groups.get(port.id) ?? [],
    }
    nics.set(port.device_id, [...(nics.get(port.device_id) ?? []), nic])
  }
  return nics
}
