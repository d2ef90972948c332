import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import { conflict, forbidden, invalid } from '../../kernel/errors.ts'
import { readAddress } from '../ipam/addresses.ts'
import { networksById } from '../networks/store.ts'
import { maySeeNetwork } from '../networks/visible.ts'
import { portsById } from '../ports/store.ts'
import { holds, readPrefix } from '../prefixes.ts'
import { allocationOnNetwork, groupsNamed, networksToBootOn, portsWithAddresses, subnetsOfNetworks } from './store.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { NetworkRow, PortRow, SubnetRow } from '../tables.ts'
import type { NicPlan, NicRequest } from './nic.ts'

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
  const withGroups = groupIds === undefined ? {} : { securityGroupIds: groupIds }
  if (requested === 'auto' || requested.length === 0) {
    const networks = await networksToBootOn(db, projectOf(ctx))
    if (networks.length > 1) {
      throw conflict('Multiple possible networks found, use a Network ID to be more specific.', { type: 'NetworkAmbiguous' })
    }
    if (networks.length === 0 && requested === 'auto') throw invalid(`Unable to automatically allocate a network for project ${projectOf(ctx)}`)
    return networks.map((network) => ({ id: ctx.ids.uuid(), networkId: network.id, ...withGroups }))
  }
  const ports = await requestedPorts(ctx, db, requested)
  const networkIds = requested.map((nic) => (nic.portId === undefined ? (nic.networkId ?? '') : ports.get(nic.portId)!.network_id))
  const networks = await requestedNetworks(ctx, db, networkIds, new Set([...ports.values()].map((port) => port.network_id)))
  const subnets = await subnetsOfNetworks(db, networkIds)
  const plans: NicPlan[] = []
  for (const [index, nic] of requested.entries()) {
    const networkId = networkIds[index]!
    const own = { id: ctx.ids.uuid(), networkId, ...(nic.tag !== undefined && { tag: nic.tag }) }
    if (nic.portId !== undefined) {
      plans.push({ ...own, portId: nic.portId })
      continue
    }
    assertBootable(ctx, networks.get(networkId)!, subnets.get(networkId) ?? [], securityGroups)
    if (nic.fixedIp !== undefined) await assertFree(db, networkId, subnets.get(networkId) ?? [], nic.fixedIp)
    plans.push({ ...own, ...(nic.fixedIp !== undefined && { fixedIp: nic.fixedIp }), ...withGroups })
  }
  return plans
}

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

async function requestedNetworks(ctx: CloudContext, db: Db, ids: readonly string[], known: ReadonlySet<string>): Promise<Map<string, NetworkRow>> {
  const networks = new Map((await networksById(db, [...new Set(ids)])).map((network) => [network.id, network]))
  for (const id of ids) {
    const network = networks.get(id)
    if (!network || !(known.has(id) || maySeeNetwork(ctx, network))) throw invalid(`Network ${id} could not be found.`)
  }
  return networks
}

function assertBootable(ctx: CloudContext, network: NetworkRow, subnets: readonly SubnetRow[], securityGroups: readonly string[]): void {
  if (subnets.length === 0) throw invalid(`Network ${network.id} requires a subnet in order to boot instances on.`)
  if (network.external && !network.shared && !isAdmin(ctx.subject)) {
    throw forbidden(`It is not allowed to create an interface on external network ${network.id}`)
  }
  if (!network.port_security_enabled && securityGroups.some((name) => name !== 'default')) {
    throw invalid('Network requires port_security_enabled and subnet associated in order to apply security groups.')
  }
}

async function assertFree(db: Db, networkId: string, subnets: readonly SubnetRow[], text: string): Promise<void> {
  const address = readAddress(text)
  if (!address || !subnets.some((subnet) => holds(readPrefix(subnet.cidr)!, address.text))) {
    throw invalid(`Fixed IP ${text} is not a valid ip address for network ${networkId}.`)
  }
  if (await allocationOnNetwork(db, networkId, address.text)) {
    throw invalid(`Fixed IP address ${address.text} is already in use on instance ${networkId}.`, { type: 'FixedIpAlreadyInUse' })
  }
}

/** The ids of groups given by name or id; undefined when only the default group is meant, which may not exist yet. */
async function resolveGroups(ctx: CloudContext, db: Db, wanted: readonly string[]): Promise<string[] | undefined> {
  const names = [...new Set(wanted)]
  if (names.every((name) => name === 'default')) return undefined
  const found = await groupsNamed(db, projectOf(ctx), names)
  return names.map((name) => {
    const byId = found.find((group) => group.id === name)
    const byName = found.filter((group) => group.name === name)
    if (!byId && byName.length > 1) {
      throw conflict(`Multiple security_group matches found for name '${name}', use an ID to be more specific.`, { type: 'NoUniqueMatch' })
    }
    const group = byId ?? byName[0]
    if (!group) throw invalid(`Security group ${name} not found.`)
    return group.id
  })
}
