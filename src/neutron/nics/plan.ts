import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import { conflict, forbidden, invalid } from '../../kernel/errors.ts'
import { networksById } from '../networks/store.ts'
import { maySeeNetwork } from '../networks/visible.ts'
import { portsById } from '../ports/store.ts'
import { assertFree } from './addresses.ts'
import { resolveGroups } from './groups.ts'
import { networksToBootOn, portsWithAddresses, subnetsOfNetworks } from './store.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { NetworkRow, PortRow, SubnetRow } from '../tables.ts'
import type { NicPlan, NicRequest } from './nic.ts'

type Groups = Pick<NicPlan, 'securityGroupIds'>

/**
 * Checks what a server shall be plugged into, in nova's words: networks and ports exist and are the asker's (or shared),
 * ports are free, addresses lie in a subnet and are free, groups exist. `auto` takes the one network that the project
 * can boot on and refuses when there is none; an empty request does the same but goes without.
 */
export async function planNics(
  ctx: CloudContext,
  db: Db,
  requested: readonly NicRequest[] | 'auto' | 'none',
  { securityGroups }: { securityGroups: readonly string[] },
): Promise<NicPlan[]> {
  if (requested === 'none') return []
  const groupIds = await resolveGroups(ctx, db, securityGroups)
  const groups: Groups = groupIds === undefined ? {} : { securityGroupIds: groupIds }
  if (requested === 'auto' || requested.length === 0) return planWithoutRequest(ctx, db, { groups, needsOne: requested === 'auto' })
  const ports = await requestedPorts(ctx, db, requested)
  const networks = await requestedNetworks(ctx, db, requested, ports)
  const subnets = await subnetsOfNetworks(db, [...networks.keys()])
  const wantsGroups = securityGroups.some((name) => name !== 'default')
  const plans: NicPlan[] = []
  for (const nic of requested) {
    const networkId = networkOf(nic, ports)
    const own = { id: ctx.ids.uuid(), networkId, ...(nic.tag !== undefined && { tag: nic.tag }) }
    if (nic.portId !== undefined) {
      plans.push({ ...own, portId: nic.portId })
      continue
    }
    assertBootable(ctx, networks.get(networkId)!, { subnets: subnets.get(networkId) ?? [], wantsGroups })
    if (nic.fixedIp !== undefined) await assertFree(db, networkId, { subnets: subnets.get(networkId)!, text: nic.fixedIp })
    plans.push({ ...own, ...(nic.fixedIp !== undefined && { fixedIp: nic.fixedIp }), ...groups })
  }
  return plans
}

async function planWithoutRequest(
  ctx: CloudContext,
  db: Db,
  { groups, needsOne }: { groups: Groups; needsOne: boolean },
): Promise<NicPlan[]> {
  const networks = await networksToBootOn(db, projectOf(ctx))
  if (networks.length > 1)
    throw conflict('Multiple possible networks found, use a Network ID to be more specific.', { type: 'NetworkAmbiguous' })
  if (networks.length === 0 && needsOne) throw invalid(`Unable to automatically allocate a network for project ${projectOf(ctx)}`)
  return networks.map((network) => ({ id: ctx.ids.uuid(), networkId: network.id, ...groups }))
}

const networkOf = (nic: NicRequest, ports: ReadonlyMap<string, PortRow>): string =>
  nic.portId === undefined ? (nic.networkId ?? '') : ports.get(nic.portId)!.network_id

async function requestedPorts(ctx: CloudContext, db: Db, requested: readonly NicRequest[]): Promise<Map<string, PortRow>> {
  const ids = requested.flatMap((nic) => nic.portId ?? [])
  const rows = new Map((await portsById(db, ids)).map((port) => [port.id, port]))
  const addressed = await portsWithAddresses(db, ids)
  for (const [index, id] of ids.entries()) {
    const port = rows.get(id)
    if (!port || !(isAdmin(ctx.subject) || port.project_id === projectOf(ctx))) throw invalid(`Port ${id} could not be found.`)
    if (port.device_id !== '' || ids.indexOf(id) !== index) throw conflict(`Port ${id} is still in use.`, { type: 'PortInUse' })
    if (!addressed.has(id)) throw invalid(`Port ${id} requires a FixedIP in order to be used.`)
  }
  return rows
}

/** The networks of the request. Those of the asker's own ports need not be the asker's. */
async function requestedNetworks(
  ctx: CloudContext,
  db: Db,
  requested: readonly NicRequest[],
  ports: ReadonlyMap<string, PortRow>,
): Promise<Map<string, NetworkRow>> {
  const ids = requested.map((nic) => networkOf(nic, ports))
  const networks = new Map((await networksById(db, [...new Set(ids)])).map((network) => [network.id, network]))
  for (const [index, id] of ids.entries()) {
    const network = networks.get(id)
    const isSeen = network !== undefined && (requested[index]!.portId !== undefined || maySeeNetwork(ctx, network))
    if (!isSeen) throw invalid(`Network ${id} could not be found.`)
  }
  return networks
}

function assertBootable(
  ctx: CloudContext,
  network: NetworkRow,
  { subnets, wantsGroups }: { subnets: readonly SubnetRow[]; wantsGroups: boolean },
): void {
  if (network.external && !network.shared && !isAdmin(ctx.subject)) {
    throw forbidden(`It is not allowed to create an interface on external network ${network.id}`)
  }
  if (subnets.length === 0) throw invalid(`Network ${network.id} requires a subnet in order to boot instances on.`)
  if (!network.port_security_enabled && wantsGroups) {
    throw invalid('Network requires port_security_enabled and subnet associated in order to apply security groups.')
  }
}
