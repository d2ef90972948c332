import { expect, test } from 'vitest'
import { audit, type CloudSeen, type ProviderSeen } from './audit.ts'

const resources = { VCPU: 1, MEMORY_MB: 64 }
const inventory = (total: number) => ({ total, reserved: 0, allocation_ratio: 1 })
const host = (name: string, consumers: readonly string[], more: Partial<ProviderSeen> = {}): ProviderSeen => ({
  name,
  allocations: Object.fromEntries(consumers.map((id) => [id, { resources }])),
  inventories: { VCPU: inventory(2), MEMORY_MB: inventory(1024) },
  usages: { VCPU: consumers.length, MEMORY_MB: 64 * consumers.length },
  ...more,
})
const server = (id: string, on: string) => ({
  ...{ id, status: 'ACTIVE', tenant_id: 'drill', flavor: { id: '42' } },
  'OS-EXT-SRV-ATTR:hypervisor_hostname': on,
})
const port = (id: string, device: string, address: string, owner = 'compute:nova') => ({
  ...{ id, project_id: 'drill', device_id: device, device_owner: owner },
  fixed_ips: [{ subnet_id: 'net', ip_address: address }],
})
const floatingIp = (id: string, portId: string | null, address: string) => ({
  ...{ id, project_id: 'drill', port_id: portId, floating_ip_address: address, floating_network_id: 'public' },
})

/** A cloud in order: two servers on two hosts, and a port of its own that a floating IP leads to. */
const sound: CloudSeen = {
  servers: [server('s1', 'h1'), server('s2', 'h2')],
  ports: [port('p1', 's1', '10.0.0.1'), port('p2', 's2', '10.0.0.2'), port('p3', '', '10.0.0.3', '')],
  floatingIps: [floatingIp('f1', 'p3', '172.24.4.9'), floatingIp('f2', null, '172.24.4.10')],
  securityGroups: [{ id: 'g1', project_id: 'drill' }],
  flavors: [{ id: '42', vcpus: 1, ram: 64 }],
  providers: [host('h1', ['s1']), host('h2', ['s2'])],
  quotas: {
    projectId: 'drill',
    compute: { instances: { in_use: 2 }, cores: { in_use: 2 }, ram: { in_use: 128 } },
    network: { port: { used: 3 }, floatingip: { used: 2 }, security_group: { used: 1 } },
  },
}
const quotas = sound.quotas!

test('a cloud in order has nothing that nobody owns', () => {
  expect(audit(sound)).toEqual([])
})

const broken: readonly (readonly [what: string, cloud: Partial<CloudSeen>, says: string])[] = [
  [
    'an allocation outlives its server',
    { providers: [host('h1', ['s1', 'gone']), host('h2', ['s2'])] },
    'an allocation on h1 belongs to gone, which is no server',
  ],
  [
    'a worker without a fence claims a second host',
    { providers: [host('h1', ['s1']), host('h2', ['s1', 's2'])] },
    'server s1 runs on h1 and has an allocation on h2 too',
  ],
  ['a server runs without an allocation', { providers: [host('h1', []), host('h2', ['s2'])] }, 'server s1 runs and has no allocation'],
  [
    'usage is counted wrong',
    { providers: [host('h1', ['s1'], { usages: { VCPU: 2, MEMORY_MB: 64 } }), host('h2', ['s2'])] },
    'h1 counts 2 VCPU as used, but allocations sum up to 1',
  ],
  [
    'a host has more than it can',
    { providers: [host('h1', ['s1'], { inventories: { VCPU: inventory(0) } }), host('h2', ['s2'])] },
    'h1 gave away 1 of 0 VCPU',
  ],
  [
    'a port outlives its server',
    { ports: [...sound.ports.slice(1), port('p1', 'gone', '10.0.0.1')] },
    'port p1 belongs to gone, which is gone',
  ],
  ['a step without a fence plugs twice', { ports: [...sound.ports, port('p4', 's1', '10.0.0.4')] }, 'server s1 has 2 ports instead of one'],
  [
    'a floating IP leads nowhere',
    { floatingIps: [floatingIp('f1', 'gone', '172.24.4.9')] },
    'floating IP f1 leads to port gone, which is gone',
  ],
  [
    'an address is given twice',
    { ports: [...sound.ports.slice(0, 2), port('p3', '', '10.0.0.2', '')] },
    'address 10.0.0.2 of subnet net is given twice',
  ],
  [
    'a floating address is given twice',
    { floatingIps: [floatingIp('f1', 'p3', '172.24.4.9'), floatingIp('f2', null, '172.24.4.9')] },
    'address 172.24.4.9 of network public is given twice',
  ],
  [
    'a quota remembers what is gone',
    { quotas: { ...quotas, compute: { ...quotas.compute, instances: { in_use: 3 } } } },
    '3 instances are counted as used, but 2 are there',
  ],
  [
    'a quota forgets what is there',
    { quotas: { ...quotas, network: { ...quotas.network, floatingip: { used: 1 } } } },
    '1 floating IPs are counted as used, but 2 are there',
  ],
]

test.each(broken)('it is noticed when %s', (_, cloud, says) => {
  expect(audit({ ...sound, ...cloud })).toContain(says)
})
