import { ownTarget } from '../../cloud/policy.ts'
import { projectOf, type CloudContext } from '../../cloud/context.ts'
import { enforceAttributes } from '../attribute-policy.ts'
import { flagOf, integerOf, ownerOf, present } from '../values.ts'
import { wantedSegment } from './segment.ts'
import type { NewNetworkValues } from './create.ts'
import type { NetworkChange, NewNetwork } from './schema.ts'

/** Attributes whose use has a rule of its own. */
export const networkRules = {
  shared: 'shared',
  'router:external': 'router:external',
  is_default: 'is_default',
  'provider:network_type': 'provider',
  'provider:physical_network': 'provider',
  'provider:segmentation_id': 'provider',
}

/** What the asker may have of a new network, or `forbidden`. */
export function requestedNetwork(ctx: CloudContext, body: NewNetwork): NewNetworkValues {
  const projectId = ownerOf(ctx, body)
  const rules = { ...networkRules, ...(projectId !== projectOf(ctx) && { tenant_id: 'project_id', project_id: 'project_id' }) }
  const used = Object.fromEntries(Object.entries(body).filter(([name, value]) => !plain.has(name) || flagOf(value as string)))
  enforceAttributes(ctx, { action: 'create_network', target: ownTarget(ctx.subject), given: used, rules })
  const segment = wantedSegment({
    type: body['provider:network_type'],
    physicalNetwork: body['provider:physical_network'],
    id: integerOf(body['provider:segmentation_id']),
  })
  const { availability_zone_hints: zones } = body
  return { projectId, segment, ...changesOf(body), ...(zones && { availabilityZoneHints: zones }) }
}

/** Flags that anyone may set to what they are by default. */
const plain = new Set(['shared', 'router:external', 'is_default'])

/** The plain attributes of a body, by the names that the code has for them; those left out are absent. */
export const changesOf = (body: NetworkChange) =>
  present({
    name: body.name,
    description: body.description,
    adminStateUp: flagOf(body.admin_state_up),
    shared: flagOf(body.shared),
    external: flagOf(body['router:external']),
    isDefault: flagOf(body.is_default),
    mtu: integerOf(body.mtu) ?? undefined,
    portSecurityEnabled: flagOf(body.port_security_enabled),
    dnsDomain: body.dns_domain,
  })
