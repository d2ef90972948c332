import type { CloudContext } from '../../cloud/context.ts'
import { enforceAttributes } from '../attribute-policy.ts'
import { ownerOf, present } from '../values.ts'
import type { WantedFloatingIp } from './create.ts'
import { badFloatingIp } from './refusals.ts'
import type { FloatingIpChangeBody, NewFloatingIpBody } from './schema.ts'
import type { FloatingIpChanges } from './update.ts'

/** What the asker may have of a new floating IP, or `forbidden`. */
export function requestedFloatingIp(ctx: CloudContext, body: NewFloatingIpBody): WantedFloatingIp {
  const projectId = ownerOf(ctx, body)
  const { floating_ip_address: address, subnet_id: subnetId, port_id: portId, fixed_ip_address: fixedAddress } = body
  const given = address ? { floating_ip_address: address } : {}
  const rules = { floating_ip_address: 'floating_ip_address' }
  enforceAttributes(ctx, { action: 'create_floatingip', target: { project_id: projectId }, given, rules })
  if (fixedAddress && !portId) throw badFloatingIp('fixed_ip_address cannot be specified without a port_id')
  return {
    projectId,
    networkId: body.floating_network_id,
    description: body.description ?? '',
    ...present({
      address: address ?? undefined,
      subnetId: subnetId ?? undefined,
      target: portId ? { portId, ...(fixedAddress && { fixedAddress }) } : undefined,
    }),
  }
}

/** What a body changes of a floating IP. */
export const changesOf = (body: FloatingIpChangeBody): FloatingIpChanges =>
  present({ description: body.description, portId: body.port_id, fixedAddress: body.fixed_ip_address ?? undefined })
