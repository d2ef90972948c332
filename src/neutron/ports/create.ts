import { json, type Tx } from '../../kernel/sql/tables.ts'
import { allocateAddresses, type FixedIp } from '../ipam/allocate.ts'
import { planAddresses, type FixedIpRequest } from '../ipam/plan.ts'
import { networkById } from '../networks/store.ts'
import { chargeQuota } from '../quotas/charge.ts'
import { changedMeanwhile, macInUse, networkNotFound } from '../refusals.ts'
import { bindGroups, defaultGroup } from '../security-groups/bindings.ts'
import { subnetsOfNetwork } from '../subnets/store.ts'
import { insertPort, macIsTaken, type NewPortRow } from './store.ts'
import type { Context } from '../../kernel/context.ts'
import type { AddressPair, DhcpOption, NetworkRow } from '../tables.ts'

/** A port to be made. What is left out gets neutron's default. */
export interface NewPort {
  /** A new UUID unless given. */
  readonly id?: string
  /** '' for a port that belongs to no project: it costs no quota. */
  readonly projectId: string
  readonly networkId: string
  readonly name?: string
  readonly description?: string
  readonly adminStateUp?: boolean
  readonly macAddress?: string
  /** Left out: an address of each IP version that the network has; empty: none. */
  readonly fixedIps?: readonly FixedIpRequest[]
  readonly deviceId?: string
  readonly deviceOwner?: string
  readonly status?: 'ACTIVE' | 'DOWN'
  /** Left out: the project's group `default`, unless the port is the network's own or has no port security. */
  readonly groupIds?: readonly string[]
  /** Left out: as the network has it. */
  readonly portSecurityEnabled?: boolean
  readonly allowedAddressPairs?: readonly AddressPair[]
  readonly extraDhcpOpts?: readonly DhcpOption[]
  readonly hostId?: string
  readonly vnicType?: string
  readonly profile?: Record<string, unknown>
  readonly dnsName?: string
  readonly madeForServer?: boolean
}

export interface CreatedPort {
  readonly id: string
  readonly macAddress: string
  readonly fixedIps: readonly FixedIp[]
}

const macTries = 8

/**
 * Makes a port with its addresses and security groups, and charges the project's quota. Refuses with NetworkNotFound,
 * OverQuota, MacAddressInUse, IpAddressAlreadyAllocated, IpAddressGenerationFailure, SecurityGroupNotFound. Who may ask
 * for what is the caller's to know.
 */
export async function createPort(ctx: Context, tx: Tx, port: NewPort): Promise<CreatedPort> {
  const network = await networkById(tx, port.networkId)
  if (!network) throw networkNotFound(port.networkId)
  const row = await insertWithMac(ctx, tx, rowOf(ctx, port, network), port.macAddress)
  const planned = { macAddress: row.mac_address, deviceOwner: row.device_owner }
  const wants = planAddresses(planned, await subnetsOfNetwork(tx, network.id), port.fixedIps)
  const fixedIps = await allocateAddresses(ctx, tx, { holder: { portId: row.id, networkId: network.id }, wants })
  const groupIds = port.groupIds ?? (needsGroup(row) ? [await defaultGroup(ctx, tx, port.projectId)] : [])
  if (groupIds.length > 0) await bindGroups(ctx, tx, { portId: row.id, groupIds })
  await chargeQuota(ctx, tx, { projectId: port.projectId, resource: 'port' })
  return { id: row.id, macAddress: row.mac_address, fixedIps }
}

const needsGroup = (row: NewPortRow): boolean =>
  row.port_security_enabled && row.project_id !== '' && !row.device_owner.startsWith('network:')

function rowOf(ctx: Context, port: NewPort, network: NetworkRow): NewPortRow {
  const deviceOwner = port.deviceOwner ?? ''
  return {
    id: port.id ?? ctx.ids.uuid(),
    project_id: port.projectId,
    network_id: network.id,
    name: port.name ?? '',
    description: port.description ?? '',
    revision_number: 1,
    mac_address: '',
    admin_state_up: port.adminStateUp ?? true,
    status: port.status ?? 'DOWN',
    device_id: port.deviceId ?? '',
    device_owner: deviceOwner,
    port_security_enabled: port.portSecurityEnabled ?? (deviceOwner.startsWith('network:') ? false : network.port_security_enabled),
    host_id: port.hostId ?? '',
    vnic_type: port.vnicType ?? 'normal',
    profile_json: json(port.profile ?? {}),
    allowed_address_pairs_json: json(port.allowedAddressPairs ?? []),
    extra_dhcp_opts_json: json(port.extraDhcpOpts ?? []),
    dns_name: port.dnsName ?? '',
    made_for_server: port.madeForServer ?? false,
  }
}

async function insertWithMac(ctx: Context, tx: Tx, row: NewPortRow, given: string | undefined): Promise<NewPortRow> {
  for (let attempt = 0; attempt < macTries; attempt++) {
    const complete = { ...row, mac_address: given?.toLowerCase() ?? randomMac(ctx) }
    if (await insertPort(ctx, tx, complete)) return complete
    if (given && (await macIsTaken(tx, row.network_id, complete.mac_address))) throw macInUse(complete.mac_address, row.network_id)
  }
  throw changedMeanwhile(`network ${row.network_id}`)
}

/** A MAC address of OpenStack's own range. */
export function randomMac(ctx: Context): string {
  return `fa:16:3e:${ctx.ids.bytes(3).toString('hex').match(/../g)!.join(':')}`
}
