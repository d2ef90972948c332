import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { visibleNetwork } from '../networks/visible.ts'
import { replaceTags } from '../tags/store.ts'
import { flagOf, ownerOf, present } from '../values.ts'
import { assertSecurity, changedOptions, checkedPairs, requestedIps } from './attributes.ts'
import { createPort, randomMac } from './create.ts'
import { assertOwnGroups, enforcePort } from './permissions.ts'
import type { NewPortBody } from './schema.ts'

/** Makes a port for a client, if they may have it so. Returns its id. */
export async function requestPort(ctx: CloudContext, tx: Tx, body: NewPortBody): Promise<string> {
  const network = await visibleNetwork(ctx, tx, body.network_id)
  const projectId = ownerOf(ctx, body)
  enforcePort(ctx, { action: 'create_port', projectId, networkProjectId: network.project_id, body })
  const groupIds = body.security_groups === null ? [] : body.security_groups
  if (groupIds) await assertOwnGroups(ctx, tx, groupIds, projectId)
  const pairs = body.allowed_address_pairs ?? []
  // Pairs without a MAC address get the port's, so a port with pairs chooses its own beforehand.
  const macAddress = body.mac_address ?? (pairs.length > 0 ? randomMac(ctx) : undefined)
  const portSecurity = flagOf(body.port_security_enabled)
  assertSecurity({
    portSecurity: portSecurity ?? network.port_security_enabled,
    groups: groupIds?.length ?? 0,
    pairs: pairs.length,
    hadGroups: false,
  })
  const { id } = await createPort(ctx, tx, {
    projectId,
    networkId: network.id,
    ...present({
      name: body.name,
      description: body.description,
      adminStateUp: flagOf(body.admin_state_up),
      macAddress,
      fixedIps: requestedIps(body),
      deviceId: body.device_id,
      deviceOwner: body.device_owner,
      groupIds,
      portSecurityEnabled: portSecurity,
      hostId: body['binding:host_id'] ?? undefined,
      vnicType: body['binding:vnic_type'],
      profile: (body['binding:profile'] ?? undefined) as Record<string, unknown> | undefined,
      dnsName: body.dns_name,
    }),
    ...(pairs.length > 0 && { allowedAddressPairs: checkedPairs(pairs, macAddress!) }),
    ...(body.extra_dhcp_opts && { extraDhcpOpts: changedOptions([], body.extra_dhcp_opts) }),
  })
  if (body.tags) await replaceTags(ctx, tx, id, body.tags)
  return id
}
