import { json, type Tx } from '../../kernel/sql/tables.ts'
import { chargeQuota } from '../quotas/charge.ts'
import { changedMeanwhile } from '../refusals.ts'
import { defaultMtu, numbered, segmentInUse, segmentKey, type Segment } from './segment.ts'
import { insertNetwork } from './store.ts'
import type { Context } from '../../kernel/context.ts'

export interface NewNetworkValues {
  readonly projectId: string
  readonly name?: string
  readonly description?: string
  readonly adminStateUp?: boolean
  readonly shared?: boolean
  readonly external?: boolean
  readonly isDefault?: boolean
  readonly mtu?: number
  readonly portSecurityEnabled?: boolean
  readonly dnsDomain?: string
  readonly availabilityZoneHints?: readonly string[]
  /** Its number is chosen when it is null. */
  readonly segment: Segment
}

const segmentTries = 16

/** Makes a network and charges the project's quota; returns its id. Refuses with OverQuota or that its segment is in use. */
export async function createNetwork(ctx: Context, tx: Tx, wanted: NewNetworkValues): Promise<string> {
  await chargeQuota(ctx, tx, { projectId: wanted.projectId, resource: 'network' })
  const id = ctx.ids.uuid()
  for (let attempt = 0; attempt < segmentTries; attempt++) {
    const segment = numbered(ctx, wanted.segment)
    if (await insertNetwork(ctx, tx, rowOf(id, wanted, segment))) return id
    if (segment.id === wanted.segment.id) throw segmentInUse(segment)
  }
  throw changedMeanwhile('the segments')
}

const rowOf = (id: string, wanted: NewNetworkValues, segment: Segment) => ({
  id,
  project_id: wanted.projectId,
  name: wanted.name ?? '',
  description: wanted.description ?? '',
  revision_number: 1,
  admin_state_up: wanted.adminStateUp ?? true,
  shared: wanted.shared ?? false,
  external: wanted.external ?? false,
  is_default: wanted.isDefault ?? false,
  mtu: wanted.mtu || defaultMtu(segment),
  port_security_enabled: wanted.portSecurityEnabled ?? true,
  dns_domain: wanted.dnsDomain ?? '',
  network_type: segment.type,
  physical_network: segment.physicalNetwork,
  segmentation_id: segment.id,
  segment: segmentKey(segment, id),
  availability_zone_hints_json: json(wanted.availabilityZoneHints ?? []),
})
