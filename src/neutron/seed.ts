import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/sql/tables.ts'
import { createNetwork } from './networks/create.ts'
import { networkById, networkOfSegment, networksNamed } from './networks/store.ts'
import { segmentKey, type Segment } from './networks/segment.ts'
import { joinSubnet } from './routers/add-interface.ts'
import { createRouter } from './routers/create.ts'
import { routerById } from './routers/store.ts'
import { defaultGroup } from './security-groups/bindings.ts'
import { createSubnet } from './subnets/create.ts'
import { subnetById } from './subnets/store.ts'

const outside: Segment = { type: 'flat', physicalNetwork: 'public', id: null }
const tunnel: Segment = { type: 'vxlan', physicalNetwork: null, id: null }
const router1 = { name: 'router1', description: '', adminStateUp: true, availabilityZoneHints: [] }

/**
 * Makes what users of DevStack know, unless it is there: `public` (172.24.4.0/24, the admins'), and the demo project's
 * `private` with `private-subnet` (10.0.0.0/26), led outside by `router1`; and both projects' default groups.
 */
export async function seedNetworks(
  ctx: Context,
  tx: Tx,
  { adminProjectId, demoProjectId }: { adminProjectId: string; demoProjectId: string },
): Promise<void> {
  for (const projectId of [adminProjectId, demoProjectId]) await defaultGroup(ctx, tx, projectId)
  const publicId = (await networkOfSegment(tx, segmentKey(outside, '')))?.id ?? (await seedPublic(ctx, tx, adminProjectId))
  if ((await networksNamed(tx, demoProjectId, 'private')).length === 0) await seedPrivate(ctx, tx, demoProjectId, publicId)
}

async function seedPublic(ctx: Context, tx: Tx, projectId: string): Promise<string> {
  const id = await createNetwork(ctx, tx, { projectId, name: 'public', external: true, isDefault: true, segment: outside })
  await addSubnet(ctx, tx, id, projectId, { name: 'public-subnet', cidr: '172.24.4.0/24', enable_dhcp: false })
  return id
}

async function seedPrivate(ctx: Context, tx: Tx, projectId: string, publicId: string): Promise<void> {
  const networkId = await createNetwork(ctx, tx, { projectId, name: 'private', segment: tunnel })
  const subnetId = await addSubnet(ctx, tx, networkId, projectId, { name: 'private-subnet', cidr: '10.0.0.0/26' })
  const routerId = await createRouter(ctx, tx, { projectId, ...router1, gateway: { networkId: publicId } })
  await joinSubnet(ctx, tx, (await routerById(tx, routerId))!, (await subnetById(tx, subnetId))!)
}

async function addSubnet(
  ctx: Context,
  tx: Tx,
  networkId: string,
  projectId: string,
  subnet: { name: string; cidr: string; enable_dhcp?: boolean },
): Promise<string> {
  const network = (await networkById(tx, networkId))!
  return createSubnet(ctx, tx, { network, projectId, body: { ...subnet, network_id: networkId, ip_version: 4 } })
}
