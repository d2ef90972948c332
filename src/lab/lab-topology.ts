import type { DatabaseKind, Topology } from '../topology/model.ts'
import { addressIn } from './network.ts'

/** What a lab is made of: three controllers with everything that needs a majority, and two hosts for guests. */
export function labTopology({
  database,
  subnet,
  images,
}: {
  database: Exclude<DatabaseKind, 'external'>
  subnet: number
  images: string
}): Topology {
  const line = { interface: 'eth0' }
  const controllers = [1, 2, 3].map((number) => ({
    ...line,
    name: `c${number}`,
    address: addressIn(subnet, 10 + number),
    roles: ['controller', 'balancer', 'database', 'message-queue'] as const,
  }))
  const computes = [1, 2].map((number) => ({
    ...line,
    name: `n${number}`,
    address: addressIn(subnet, 20 + number),
    roles: ['nova-compute'] as const,
  }))
  return {
    address: addressIn(subnet, 10),
    prefix: 24,
    port: 7770,
    controllerPort: 7771,
    region: 'RegionOne',
    database,
    queue: 'rabbitmq',
    tls: { kind: 'none' },
    images: { folder: images, shared: true },
    hosts: [...controllers, ...computes],
  }
}
