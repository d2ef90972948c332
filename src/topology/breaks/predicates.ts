import type { HostRole, Topology } from '../model.ts'
import { addressFloats, hostsPlaying, hostsRunning, type Program } from '../programs.ts'
import { majorityOf } from '../quorums.ts'
import { idOf, type Living } from './instances.ts'

/** Whether something holds while only these live. Pure, and never true again when fewer live. */
export type Predicate = (topology: Topology, living: Living) => boolean

const alive = (topology: Topology, living: Living, program: Program): number =>
  hostsRunning(topology, program).filter(({ name }) => living.has(idOf(name, program))).length

const count = (topology: Topology, program: Program): number => hostsRunning(topology, program).length

/** Some host holds the address and has a balancer that listens there. */
export const addressAnswers: Predicate = (topology, living) =>
  hostsRunning(topology, 'haproxy').some(
    ({ name, address }) =>
      living.has(idOf(name, 'haproxy')) && (addressFloats(topology) ? living.has(idOf(name, 'keepalived')) : address === topology.address),
  )

// Nodes with data and arbitrators vote alike, but somebody must have the data.
const galeraWorks: Predicate = (topology, living) => {
  const votes = alive(topology, living, 'galera') + alive(topology, living, 'garbd')
  return alive(topology, living, 'galera') > 0 && votes >= majorityOf(count(topology, 'galera') + count(topology, 'garbd'))
}

// Only the primary and its one synchronous standby have every commit, and nobody can say beforehand which two these are. So all
// but one must live for certainty. Without etcd nobody is promoted, but a primary goes on while every member answers it.
const patroniWorks: Predicate = (topology, living) => {
  const [all, left] = [count(topology, 'patroni'), alive(topology, living, 'patroni')]
  const canPromote = alive(topology, living, 'etcd') >= majorityOf(count(topology, 'etcd'))
  return left > 0 && (left === all || (canPromote && left >= all - 1))
}

const databases = { galera: galeraWorks, patroni: patroniWorks, external: () => true } satisfies Record<Topology['database'], Predicate>

/** What was accepted can be read, and changes are taken in. Reads go to the writable server too, so the two are one. */
export const databaseWorks: Predicate = (topology, living) => databases[topology.database](topology, living)

const queues = {
  rabbitmq: (topology, living) =>
    count(topology, 'rabbitmq') > 0 && alive(topology, living, 'rabbitmq') >= majorityOf(count(topology, 'rabbitmq')),
  database: databaseWorks,
  external: () => true,
} satisfies Record<Topology['queue'], Predicate>

/** Messages between the cloud and its hosts are carried. */
export const queueWorks: Predicate = (topology, living) => queues[topology.queue](topology, living)

/** Some living controller plays each of these roles. */
export const played =
  (...roles: readonly HostRole[]): Predicate =>
  (topology, living) =>
    roles.every((role) => hostsPlaying(topology, role).some(({ name }) => living.has(idOf(name, 'controller'))))

/** Every controller that serves images finds the bytes of all of them: the folder is everybody's, or the only one that has them lives. */
export const imageBytesFound: Predicate = (topology, living) => {
  const keepers = hostsPlaying(topology, 'glance-api')
  return topology.images.shared || (keepers.length === 1 && living.has(idOf(keepers[0]!.name, 'controller')))
}

/** Some hypervisor takes orders. */
export const someHypervisor: Predicate = (topology, living) => alive(topology, living, 'nova-compute') > 0

/** Whether all of these hold. */
export const all =
  (...predicates: readonly Predicate[]): Predicate =>
  (topology, living) =>
    predicates.every((holds) => holds(topology, living))
