import type { CloudSeen, ProviderSeen } from './audit.ts'
import type { Caller } from './calls.ts'
import { readAll, type Item } from './read-all.ts'
import { type ThingName, things } from './things.ts'

/** What is there at the end, as the cloud says itself. */
export interface Remains {
  readonly living: readonly Remaining[]
  /** Every server that ever was, deleted ones included. */
  readonly everServers: readonly Remaining[]
}

export interface Remaining {
  readonly kind: ThingName
  readonly id: string
  readonly name: string
  readonly status: string
}

/** Nova looks at other projects only when asked to. */
const allServers = '/compute/v2.1/servers/detail?all_tenants=1&limit=1000'
const network = '/networking/v2.0'

/** Reads what an audit needs. Undefined while one of the services can't be read. */
export async function readCloud(asAdmin: Caller, projectId?: string): Promise<CloudSeen | undefined> {
  const [servers, ports, floatingIps, securityGroups, flavors, found] = await Promise.all([
    readAll(asAdmin, allServers, 'servers'),
    readAll(asAdmin, `${network}/ports?`, 'ports'),
    readAll(asAdmin, `${network}/floatingips?`, 'floatingips'),
    readAll(asAdmin, `${network}/security-groups?`, 'security_groups'),
    readAll(asAdmin, '/compute/v2.1/flavors/detail?is_public=None', 'flavors'),
    readAll(asAdmin, '/placement/resource_providers?', 'resource_providers'),
  ])
  if (!servers || !ports || !floatingIps || !securityGroups || !flavors || !found) return undefined
  const providers: ProviderSeen[] = []
  for (const provider of found) {
    const seen = await readProvider(asAdmin, provider)
    if (!seen) return undefined
    providers.push(seen)
  }
  const seen = { servers, ports, floatingIps, securityGroups, flavors, providers }
  if (projectId === undefined) return seen
  const [compute, networking] = await Promise.all([
    asAdmin('GET', `/compute/v2.1/os-quota-sets/${projectId}/detail`),
    asAdmin('GET', `${network}/quotas/${projectId}/details`),
  ])
  if (compute.status !== 200 || networking.status !== 200) return undefined
  return { ...seen, quotas: { projectId, compute: compute.body.quota_set, network: networking.body.quota } }
}

async function readProvider(asAdmin: Caller, { uuid, name }: Item): Promise<ProviderSeen | undefined> {
  const parts = ['allocations', 'inventories', 'usages'] as const
  const answers = await Promise.all(parts.map((part) => asAdmin('GET', `/placement/resource_providers/${uuid}/${part}`)))
  if (answers.some(({ status }) => status !== 200)) return undefined
  const [{ allocations }, { inventories }, { usages }] = answers.map(({ body }) => body) as [Item, Item, Item]
  return { name, allocations, inventories, usages } as ProviderSeen
}

/** Reads what is left of all that a drill asked for in its project. Undefined while that can't be read. */
export async function readRemains(asAdmin: Caller, projectId: string): Promise<Remains | undefined> {
  const kinds = Object.keys(things) as ThingName[]
  const own = async (kind: ThingName, deleted = false): Promise<Remaining[] | undefined> => {
    const { many, nameField, collection } = things[kind]
    const path = kind === 'server' ? `${allServers}&project_id=${projectId}&deleted=${deleted}` : `${collection}?project_id=${projectId}`
    const items = await readAll(asAdmin, path, many)
    return items?.map((one) => ({ kind, id: one['id'], name: one[nameField], status: one['status'] ?? '' }))
  }
  const living = await Promise.all(kinds.map((kind) => own(kind)))
  const deleted = await own('server', true)
  if (!deleted || living.some((some) => !some)) return undefined
  const all = living.flatMap((some) => some ?? [])
  return { living: all, everServers: [...all.filter(({ kind }) => kind === 'server'), ...deleted] }
}
