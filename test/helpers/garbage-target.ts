import { transaction } from '../../src/kernel/sql/transaction.ts'
import { seedCompute } from '../../src/nova/contract.ts'
import { anActiveImage } from './image-files.ts'
import { statusIs } from './servers.ts'
import type { TestCloud } from './a-cloud.ts'
import type { Client } from './client.ts'

/** Ids that exist in a cloud. */
export interface KnownIds {
  /** Those that may be lost, by the part of the path that stands before them. */
  readonly expendable: Readonly<Record<string, readonly string[]>>
  /** Those that hold the cloud up. */
  readonly precious: readonly string[]
}

const made201 = async (client: Client, path: string, body: unknown): Promise<any> => {
  const reply = await client.post(path, body)
  if (reply.status >= 300) throw new Error(`nothing to try garbage on: ${path} ${reply.status} ${JSON.stringify(reply.body)}`)
  return reply.body === '' ? undefined : Object.values(reply.body)[0]
}

/** Puts one of most things into a cloud, so that garbage finds something to break. */
export async function furnish(cloud: TestCloud): Promise<KnownIds> {
  await transaction(cloud.ctx, 'seed', (tx) => seedCompute(cloud.ctx, tx))
  const admin = cloud.as('admin')
  const demo = cloud.as('demo')
  const identity = '/identity/v3'
  const networking = '/networking/v2.0'
  const roles = (await admin.get(`${identity}/roles`)).body.roles as { id: string; name: string }[]
  const newId = async (client: Client, collection: string, body: object) => {
    const made = await made201(client, collection, body)
    return [made.id as string]
  }
  const [users, projects, groups, ownRoles, domains, services] = [
    await newId(admin, `${identity}/users`, { user: { name: 'garbage' } }),
    await newId(admin, `${identity}/projects`, { project: { name: 'garbage' } }),
    await newId(admin, `${identity}/groups`, { group: { name: 'garbage' } }),
    await newId(admin, `${identity}/roles`, { role: { name: 'garbage' } }),
    await newId(admin, `${identity}/domains`, { domain: { name: 'garbage' } }),
    await newId(admin, `${identity}/services`, { service: { type: 'garbage' } }),
  ]
  const networks = await newId(demo, `${networking}/networks`, { network: { name: 'garbage' } })
  const subnet = { network_id: networks[0], ip_version: 4, cidr: '10.9.0.0/24' }
  const subnets = await newId(demo, `${networking}/subnets`, { subnet })
  const images = [await anActiveImage(admin, { visibility: 'public' })]
  const server = { name: 'vm', flavorRef: '42', imageRef: images[0], networks: [{ uuid: networks[0] }] }
  const servers = await newId(demo, '/compute/v2.1/servers', { server })
  // There is no host for it, so it comes to rest.
  await statusIs(cloud, servers[0]!, 'ERROR')
  const provider = cloud.ctx.ids.uuid()
  await made201(admin, '/placement/resource_providers', { name: 'garbage', uuid: provider })
  await admin.put(`/placement/resource_providers/${provider}/inventories`, {
    resource_provider_generation: 0,
    inventories: { VCPU: { total: 8 }, MEMORY_MB: { total: 8192 } },
  })
  const metadefs = '/image/v2/metadefs/namespaces'
  const content = { title: 'garbage', type: 'string' }
  await made201(admin, metadefs, { namespace: 'garbage', properties: { garbage: content }, objects: [{ name: 'garbage' }] })
  await made201(admin, `${metadefs}/garbage/tags/garbage`, {})
  await made201(admin, `${metadefs}/garbage/resource_types`, { name: 'garbage' })
  await made201(demo, '/compute/v2.1/os-keypairs', { keypair: { name: 'garbage' } })
  return {
    expendable: {
      users,
      projects,
      groups,
      roles: ownRoles,
      domains,
      services,
      networks,
      subnets,
      images,
      ports: await newId(demo, `${networking}/ports`, { port: { network_id: networks[0] } }),
      routers: await newId(demo, `${networking}/routers`, { router: { name: 'garbage' } }),
      'security-groups': await newId(demo, `${networking}/security-groups`, { security_group: { name: 'garbage' } }),
      servers,
      'os-aggregates': (await newId(admin, '/compute/v2.1/os-aggregates', { aggregate: { name: 'garbage' } })).map(String),
      'os-keypairs': ['garbage'],
      flavors: ['1', '42', 'c1'],
      resource_providers: [provider],
      allocations: [provider],
      inventories: ['VCPU', 'MEMORY_MB'],
      resource_classes: ['VCPU', 'CUSTOM_X'],
      traits: ['HW_CPU_X86_AVX', 'CUSTOM_X'],
      tags: ['garbage'],
      namespaces: ['garbage'],
      objects: ['garbage'],
      properties: ['garbage'],
      resource_types: ['garbage'],
      'os-quota-sets': projects,
      quotas: projects,
    },
    precious: [
      'default',
      'RegionOne',
      ...roles.map((role) => role.id),
      ...['admin', 'demo'].flatMap((name) => [cloud.projectId(name), cloud.userId(name)]),
    ],
  }
}
