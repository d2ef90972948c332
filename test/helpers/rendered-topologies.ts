import type { HostRole, Topology, TopologyHost } from '../../src/topology/model.ts'

const everything: readonly HostRole[] = ['controller', 'balancer', 'database', 'message-queue']
const host = (name: string, address: string, roles: readonly HostRole[]): TopologyHost => ({ name, address, roles, interface: 'eth0' })

const common = {
  address: '10.0.0.10',
  prefix: 24,
  port: 443,
  controllerPort: 7771,
  region: 'RegionOne',
  tls: { kind: 'none' },
  images: { folder: '/srv/images', shared: true },
} as const

const three = [11, 12, 13].map((last, index) => host(`c${index + 1}`, `10.0.0.${last}`, everything))
const computes = [host('n1', '10.0.0.21', ['nova-compute']), host('n2', '10.0.0.22', ['nova-compute'])]

/** Clouds on several machines that between them have every engine and every role. */
export const topologies = {
  galera: { ...common, database: 'galera', queue: 'rabbitmq', hosts: [...three, ...computes] },
  patroni: { ...common, database: 'patroni', queue: 'rabbitmq', tls: { kind: 'private' }, hosts: [...three, ...computes] },
  withoutBroker: {
    ...common,
    database: 'patroni',
    queue: 'database',
    hosts: [...three.map((one) => ({ ...one, roles: ['controller', 'balancer', 'database'] as const })), ...computes],
  },
  twoAndAVote: {
    ...common,
    database: 'galera',
    queue: 'rabbitmq',
    hosts: [...three.slice(0, 2), host('a1', '10.0.0.31', ['arbitrator'])],
  },
  apart: {
    ...common,
    address: 'fd00::10',
    prefix: 64,
    database: 'patroni',
    queue: 'database',
    hosts: [
      host('web', 'fd00::11', ['balancer', 'keystone-api', 'nova-api']),
      host('work', 'fd00::12', ['nova-conductor', 'nova-scheduler', 'etcd']),
      host('data', 'fd00::13', ['database']),
      host('metal', 'fd00::14', ['nova-compute']),
    ],
  },
} satisfies Record<string, Topology>

export type TopologyName = keyof typeof topologies
export const topologyNames = Object.keys(topologies) as TopologyName[]
