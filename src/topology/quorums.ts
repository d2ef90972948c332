import type { Topology, TopologyHost } from './model.ts'
import { hostsRunning, type Program } from './programs.ts'

/** Programs that decide together: they work while more than half of all that there are can speak to each other. */
export interface Quorum {
  /** As people call it. */
  readonly engine: 'Galera' | 'etcd' | 'RabbitMQ'
  readonly voters: readonly { readonly host: TopologyHost; readonly program: Program }[]
  /** What stops without a majority; completes "without a majority …". */
  readonly stops: string
}

const kinds: readonly (Omit<Quorum, 'voters'> & { readonly programs: readonly Program[] })[] = [
  { engine: 'Galera', programs: ['galera', 'garbd'], stops: 'the database takes nothing in and answers nothing' },
  { engine: 'etcd', programs: ['etcd'], stops: 'Patroni can make no other database the primary' },
  { engine: 'RabbitMQ', programs: ['rabbitmq'], stops: 'no order reaches a host' },
]

/** The quorums that this topology has. */
export const quorumsOf = (topology: Topology): readonly Quorum[] =>
  kinds
    .map(({ engine, programs, stops }) => ({
      engine,
      stops,
      voters: programs.flatMap((program) => hostsRunning(topology, program).map((host) => ({ host, program }))),
    }))
    .filter(({ voters }) => voters.length > 0)

/** How many of these voters must be there. */
export const majorityOf = (voters: number): number => Math.floor(voters / 2) + 1
