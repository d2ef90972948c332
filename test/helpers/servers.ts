import { transaction } from '../../src/kernel/sql/transaction.ts'
import { seedCompute } from '../../src/nova/contract.ts'
import { statusOf } from '../../src/nova/servers/states.ts'
import { anActiveImage } from './image-files.ts'
import { until } from './until.ts'
import type { TestCloud, UserName } from './a-cloud.ts'

/** What most tests about servers need: an image, and a network of `demo`. */
export interface ServerParts {
  readonly imageId: string
  readonly networkId: string
}

/** Makes it. */
export async function serverParts(cloud: TestCloud): Promise<ServerParts> {
  await transaction(cloud.ctx, 'seed', (tx) => seedCompute(cloud.ctx, tx))
  const imageId = await anActiveImage(cloud.as('admin'), { visibility: 'public' })
  const demo = cloud.as('demo')
  const network = await demo.post('/networking/v2.0/networks', { network: { name: 'net' } })
  const networkId = network.body.network.id as string
  const subnet = await demo.post('/networking/v2.0/subnets', { subnet: { network_id: networkId, ip_version: 4, cidr: '10.7.0.0/20' } })
  if (subnet.status !== 201) throw new Error(`no subnet can be made: ${JSON.stringify(subnet.body)}`)
  return { imageId, networkId }
}

export const latest = { 'openstack-api-version': 'compute 2.96' }
export const at = (version: string) => ({ 'openstack-api-version': `compute ${version}` })

/** What to ask for to get a small server on the network. */
export const aServer = ({ imageId, networkId }: ServerParts, more: object = {}) => ({
  server: { name: 'vm', flavorRef: '42', imageRef: imageId, networks: [{ uuid: networkId }], ...more },
})

/** Asks for a server and waits until it has a status. */
export async function serverIn(
  cloud: TestCloud,
  parts: ServerParts,
  { status = 'ACTIVE', user = 'demo' as UserName, more = {} } = {},
): Promise<string> {
  const reply = await cloud.as(user).post('/compute/v2.1/servers', aServer(parts, more))
  if (reply.status !== 202) throw new Error(`a server is refused: ${JSON.stringify(reply.body)}`)
  const id = reply.body.server.id as string
  await statusIs(cloud, id, status)
  return id
}

// Waits look at the row, since a hundred looks through the front door would keep everything else waiting.
const rowOf = (cloud: TestCloud, id: string) =>
  cloud.ctx.db.selectFrom('nova_servers').select(['vm_state', 'task_state']).where('id', '=', id).executeTakeFirst()

/** Waits until a server is at rest in this status; gives it as administrators see it. */
export async function statusIs(cloud: TestCloud, id: string, status: string, timeoutMs = 25_000): Promise<any> {
  const isThere = async () => {
    const row = await rowOf(cloud, id)
    return row && row.task_state === null && statusOf(row.vm_state, null) === status
  }
  await until(isThere, { what: `server ${id} to be ${status}`, timeoutMs })
  return (await cloud.as('admin').get(`/compute/v2.1/servers/${id}`)).body.server
}

/** Waits until a server is gone. */
export const isGone = (cloud: TestCloud, id: string, timeoutMs = 25_000) =>
  until(async () => (await rowOf(cloud, id))?.vm_state === 'deleted', { what: `server ${id} to be gone`, timeoutMs })

/** Everything that servers hold; empty once none is left. */
export async function leftovers(cloud: TestCloud): Promise<string[]> {
  const { db } = cloud.ctx
  const [allocations, ports, usages, inventories] = await Promise.all([
    db.selectFrom('placement_allocations').select('consumer_id').execute(),
    db.selectFrom('neutron_ports').select('id').where('device_owner', 'like', 'compute:%').execute(),
    db.selectFrom('nova_quota_usages').selectAll().where('instances', '!=', 0).execute(),
    db.selectFrom('placement_inventories').select('resource_class').where('used', '!=', 0).execute(),
  ])
  return [
    ...allocations.map((row) => `allocation of ${row.consumer_id}`),
    ...ports.map((row) => `port ${row.id}`),
    ...usages.map((row) => `quota of ${row.owner}: ${row.instances}`),
    ...inventories.map((row) => `used ${row.resource_class}`),
  ]
}
