import fc from 'fast-check'
import { hostRoles } from '../../src/topology/document-schema.ts'
import type { HostRole, Topology, TopologyHost } from '../../src/topology/model.ts'

type Described = Partial<Omit<TopologyHost, 'roles'>> & { readonly roles: readonly HostRole[] }

/** A topology of these hosts, all else as in a sound cloud on Galera and RabbitMQ. */
export const aTopology = (hosts: Readonly<Record<string, readonly HostRole[] | Described>>, more: Partial<Topology> = {}): Topology => ({
  address: '10.0.0.10',
  prefix: 24,
  port: 7770,
  controllerPort: 7771,
  region: 'RegionOne',
  database: 'galera',
  queue: 'rabbitmq',
  tls: { kind: 'none' },
  images: { folder: '/srv/images', shared: true },
  hosts: Object.entries(hosts).map(([name, described], index) => ({
    name,
    address: `10.0.0.${11 + index}`,
    interface: 'eth0',
    ...('roles' in described ? described : { roles: described }),
  })),
  ...more,
})

const all: readonly HostRole[] = ['controller', 'balancer', 'database', 'message-queue']

/** Three hosts that do everything, each in its own rack, and two hypervisors. */
export const threeAndTwo = (more: Partial<Topology> = {}): Topology =>
  aTopology(
    {
      c1: { roles: all, zone: 'rack-a' },
      c2: { roles: all, zone: 'rack-b' },
      c3: { roles: all, zone: 'rack-c' },
      n1: { roles: ['nova-compute'], zone: 'rack-a' },
      n2: { roles: ['nova-compute'], zone: 'rack-b' },
    },
    more,
  )

const anyHost = fc.record({
  roles: fc.subarray(hostRoles.filter((role) => !/-(api|conductor|scheduler)$/.test(role) || role === 'nova-api')),
  zone: fc.constantFrom('a', 'b', undefined),
})

/** Topologies of up to six hosts, sound or not. */
export const anyTopology: fc.Arbitrary<Topology> = fc
  .record({
    hosts: fc.array(anyHost, { minLength: 1, maxLength: 6 }),
    database: fc.constantFrom('galera', 'patroni', 'external'),
    queue: fc.constantFrom('rabbitmq', 'database', 'external'),
    shared: fc.boolean(),
    address: fc.constantFrom('10.0.0.10', '10.0.0.11', '198.51.100.7'),
  })
  .map(({ hosts, database, queue, shared, address }) =>
    aTopology(Object.fromEntries(hosts.map(({ roles, zone }, index) => [`h${index + 1}`, { roles, ...(zone && { zone }) }])), {
      database,
      queue,
      address,
      images: { folder: '/srv/images', shared },
    }),
  )
