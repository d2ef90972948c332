import type { Item } from './read-all.ts'

/** What administrators see of a cloud through its APIs. */
export interface CloudSeen {
  readonly servers: readonly Item[]
  readonly ports: readonly Item[]
  readonly floatingIps: readonly Item[]
  readonly securityGroups: readonly Item[]
  readonly flavors: readonly Item[]
  readonly providers: readonly ProviderSeen[]
  /** Of the drill's own project. */
  readonly quotas?: QuotasSeen
}

export interface ProviderSeen {
  readonly name: string
  /** Per consumer: what it holds of each resource class. */
  readonly allocations: Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>>
  readonly inventories: Readonly<Record<string, { readonly total: number; readonly reserved: number; readonly allocation_ratio: number }>>
  readonly usages: Readonly<Record<string, number>>
}

export interface QuotasSeen {
  readonly projectId: string
  readonly compute: Readonly<Record<string, { readonly in_use: number }>>
  readonly network: Readonly<Record<string, { readonly used: number }>>
}

/** Says what nobody owns or what is counted wrong, a sentence each; nothing when all is well. */
type Rule = (cloud: CloudSeen) => string[]

const hostOf = (server: Item): string => server['OS-EXT-SRV-ATTR:hypervisor_hostname'] ?? server['OS-EXT-SRV-ATTR:host']
const idsOf = (items: readonly Item[]) => new Set(items.map(({ id }) => id as string))
const isOfGuest = (port: Item): boolean => String(port['device_owner']).startsWith('compute:')

const allocationsHaveServers: Rule = ({ providers, servers }) => {
  const hosts = new Map(servers.map((server) => [server['id'] as string, hostOf(server)]))
  return providers.flatMap(({ name, allocations }) =>
    Object.keys(allocations).flatMap((consumer) => {
      if (!hosts.has(consumer)) return [`an allocation on ${name} belongs to ${consumer}, which is no server`]
      return hosts.get(consumer) === name ? [] : [`server ${consumer} runs on ${hosts.get(consumer)} and has an allocation on ${name} too`]
    }),
  )
}

const serversHaveAllocations: Rule = ({ providers, servers }) => {
  const held = new Set(providers.flatMap(({ allocations }) => Object.keys(allocations)))
  return servers
    .filter((server) => server['status'] === 'ACTIVE' && !held.has(server['id']))
    .map(({ id }) => `server ${id} runs and has no allocation`)
}

const usageIsCountedAndFits: Rule = ({ providers }) =>
  providers.flatMap(({ name, allocations, inventories, usages }) =>
    Object.entries(inventories).flatMap(([resource, { total, reserved, allocation_ratio: ratio }]) => {
      const used = usages[resource] ?? 0
      const sum = Object.values(allocations).reduce((all, { resources }) => all + (resources[resource] ?? 0), 0)
      return [
        ...(used === sum ? [] : [`${name} counts ${used} ${resource} as used, but allocations sum up to ${sum}`]),
        ...(used <= (total - reserved) * ratio ? [] : [`${name} gave away ${used} of ${(total - reserved) * ratio} ${resource}`]),
      ]
    }),
  )

const portsHaveServers: Rule = ({ ports, servers }) => {
  const living = idsOf(servers)
  return ports
    .filter((port) => isOfGuest(port) && !living.has(port['device_id']))
    .map(({ id, device_id: device }) => `port ${id} belongs to ${device || 'no server'}, which is gone`)
}

const serversHaveOnePort: Rule = ({ ports, servers, quotas }) =>
  servers
    .filter((server) => server['tenant_id'] === quotas?.projectId && server['status'] === 'ACTIVE')
    .flatMap(({ id }) => {
      const count = ports.filter((port) => isOfGuest(port) && port['device_id'] === id).length
      return count === 1 ? [] : [`server ${id} has ${count} ports instead of one`]
    })

const floatingIpsHavePorts: Rule = ({ floatingIps, ports }) => {
  const there = idsOf(ports)
  return floatingIps
    .filter(({ port_id: port }) => port !== null && !there.has(port))
    .map(({ id, port_id: port }) => `floating IP ${id} leads to port ${port}, which is gone`)
}

const addressesAreGivenOnce: Rule = ({ ports, floatingIps }) => {
  const fixed = ports.flatMap(({ fixed_ips: ips }) => (ips as Item[]).map((ip) => `${ip['ip_address']} of subnet ${ip['subnet_id']}`))
  const floating = floatingIps.map((one) => `${one['floating_ip_address']} of network ${one['floating_network_id']}`)
  return [fixed, floating].flatMap((all) =>
    [...new Set(all.filter((one, index) => all.indexOf(one) !== index))].map((one) => `address ${one} is given twice`),
  )
}

const quotasAreCounted: Rule = ({ quotas, servers, ports, floatingIps, securityGroups, flavors }) => {
  if (!quotas) return []
  const { projectId, compute, network } = quotas
  const own = (items: readonly Item[]) => items.filter((one) => (one['project_id'] ?? one['tenant_id']) === projectId)
  const flavorOf = (server: Item): Item => flavors.find(({ id }) => id === server['flavor'].id) ?? {}
  const sum = (key: string) => own(servers).reduce((all, server) => all + Number(flavorOf(server)[key] ?? 0), 0)
  const rows: readonly (readonly [what: string, counted: number | undefined, there: number])[] = [
    ['instances', compute['instances']?.in_use, own(servers).length],
    ['cores', compute['cores']?.in_use, sum('vcpus')],
    ['MB of memory', compute['ram']?.in_use, sum('ram')],
    ['ports', network['port']?.used, own(ports).length],
    ['floating IPs', network['floatingip']?.used, own(floatingIps).length],
    ['security groups', network['security_group']?.used, own(securityGroups).length],
  ]
  return rows
    .filter(([, counted, there]) => counted !== there)
    .map(([what, n, m]) => `${n} ${what} are counted as used, but ${m} are there`)
}

const rules: readonly Rule[] = [
  allocationsHaveServers,
  serversHaveAllocations,
  usageIsCountedAndFits,
  portsHaveServers,
  serversHaveOnePort,
  floatingIpsHavePorts,
  addressesAreGivenOnce,
  quotasAreCounted,
]

/** Everything in a cloud that nobody owns, that is given twice, or that is counted wrong. */
export const audit = (cloud: CloudSeen): string[] => rules.flatMap((rule) => rule(cloud))
