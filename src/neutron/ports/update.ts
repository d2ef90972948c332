import { conflict } from '../../kernel/errors.ts'
import { isDuplicate } from '../../kernel/sql/failures.ts'
import { json, type Tx } from '../../kernel/sql/tables.ts'
import { networkById } from '../networks/store.ts'
import { changedMeanwhile, macInUse } from '../refusals.ts'
import { assertRevision, settled } from '../revision.ts'
import { bindGroups, groupsOfPorts } from '../security-groups/bindings.ts'
import { flagOf, present } from '../values.ts'
import { assertSecurity, changedOptions, checkedPairs, requestedIps } from './attributes.ts'
import { changeAddresses } from './change-addresses.ts'
import { assertOwnGroups, enforcePort } from './permissions.ts'
import { changePort, macIsTaken } from './store.ts'
import { visiblePort } from './visible.ts'
import type { PortChange } from './schema.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { PortRow } from '../tables.ts'

/** Changes a port, its addresses and its security groups. */
export async function updatePort(ctx: CloudContext, tx: Tx, { id, body }: { id: string; body: PortChange }): Promise<void> {
  const port = await visiblePort(ctx, tx, id)
  const network = await networkById(tx, port.network_id)
  enforcePort(ctx, { action: 'update_port', projectId: port.project_id, networkProjectId: network?.project_id ?? '', body })
  assertRevision(ctx, port)
  const groupIds = body.security_groups === null ? [] : body.security_groups
  if (groupIds) await assertOwnGroups(ctx, tx, groupIds, port.project_id)
  await assertStillSecure(tx, port, body, groupIds)
  const columns = changedColumns(port, body)
  if (columns.mac_address && columns.mac_address !== port.mac_address) await assertMacFree(tx, port, columns.mac_address)
  // Counting the change first keeps others who change or delete the port out until this is done.
  await settled(changePort(ctx, tx, port, columns).catch(againIfTaken(id)), `port ${id}`)
  const requested = requestedIps(body)
  if (requested) await changeAddresses(ctx, tx, { port: { ...port, mac_address: columns.mac_address ?? port.mac_address }, requested })
  if (groupIds) await bindGroups(ctx, tx, { portId: id, groupIds })
}

async function assertStillSecure(tx: Tx, port: PortRow, body: PortChange, groupIds: readonly string[] | undefined): Promise<void> {
  const portSecurity = flagOf(body.port_security_enabled) ?? port.port_security_enabled
  if (portSecurity) return
  const groups = groupIds ?? (await groupsOfPorts(tx, [port.id])).get(port.id) ?? []
  const pairs = body.allowed_address_pairs === undefined ? port.allowed_address_pairs_json : (body.allowed_address_pairs ?? [])
  assertSecurity({ portSecurity, groups: groups.length, pairs: pairs.length, hadGroups: groupIds === undefined })
}

async function assertMacFree(tx: Tx, port: PortRow, mac: string): Promise<void> {
  if (port.host_id !== '') {
    const message = `Unable to complete operation on port ${port.id}, port is already bound, port type: ovs, old_mac ${port.mac_address}, new_mac ${mac}.`
    throw conflict(message, { type: 'PortBound' })
  }
  if (await macIsTaken(tx, port.network_id, mac)) throw macInUse(mac, port.network_id)
}

// Another may take the MAC address between the look and the write; the next look will see it.
const againIfTaken =
  (id: string) =>
  (error: unknown): never => {
    throw isDuplicate(error) ? changedMeanwhile(`port ${id}`) : error
  }

function changedColumns(port: PortRow, body: PortChange) {
  const mac = body.mac_address?.toLowerCase()
  const host = body['binding:host_id'] === null ? '' : body['binding:host_id']
  return present({
    name: body.name,
    description: body.description,
    admin_state_up: flagOf(body.admin_state_up),
    mac_address: mac,
    device_id: body.device_id,
    device_owner: body.device_owner,
    port_security_enabled: flagOf(body.port_security_enabled),
    host_id: host,
    vnic_type: body['binding:vnic_type'],
    profile_json: body['binding:profile'] === undefined ? undefined : json(body['binding:profile'] ?? {}),
    dns_name: body.dns_name,
    allowed_address_pairs_json:
      body.allowed_address_pairs === undefined ? undefined : json(checkedPairs(body.allowed_address_pairs ?? [], mac ?? port.mac_address)),
    extra_dhcp_opts_json: body.extra_dhcp_opts ? json(changedOptions(port.extra_dhcp_opts_json, body.extra_dhcp_opts)) : undefined,
    status: host === '' ? ('DOWN' as const) : undefined,
  })
}
