import type { Instance } from './instances.ts'
import { addressAnswers, databaseWorks, played, type Predicate, queueWorks } from './predicates.ts'
import { controllerRoles } from '../services.ts'
import type { HostRole } from '../model.ts'

/** Who stands in for a program that died, and about how long that takes. */
export interface Takeover {
  readonly program: Instance['program']
  /** When this dies too, its own sentence says all. */
  readonly within?: Instance['program']
  /** Whether enough is left to stand in for it. */
  readonly possible: Predicate
  readonly takesOver: string
  /** When not enough is left. */
  readonly otherwise: string
  /** Until the others have taken over, in seconds: after the death of the process alone, and after that of its host. */
  readonly seconds: { readonly process: number; readonly host: number }
}

const never: Predicate = () => false

/** One line for each program. The figures are those of the settings that `skykeel render` writes; where one was measured, it says so. */
export const takeovers: readonly Takeover[] = [
  {
    program: 'haproxy',
    possible: addressAnswers,
    takesOver: 'Another balancer takes the address, once this one is silent or has failed two checks.',
    otherwise: 'No balancer is left that can hold the address: nobody is reached until one is back.',
    // keepalived checks each second and believes the second failure; a vanished host is missed after three advertisements of 0.3 s.
    seconds: { process: 2, host: 1 },
  },
  {
    program: 'keepalived',
    possible: addressAnswers,
    takesOver: 'Another balancer takes the address.',
    otherwise: 'Nobody is left who gives the address to a balancer: it is not reached until one is back.',
    seconds: { process: 1, host: 1 },
  },
  {
    program: 'controller',
    possible: played(...(controllerRoles as readonly HostRole[])),
    takesOver: 'The other controllers get its requests, and go on with the work that it had begun.',
    otherwise: 'A role has nobody left who plays it: what needs it waits or is answered with 503 until a controller is back.',
    // A refused connection goes elsewhere at once, and the lease of begun work ends after one second. A vanished host refuses
    // nothing: its requests go elsewhere when no answer came for five seconds.
    seconds: { process: 1, host: 5 },
  },
  {
    program: 'galera',
    possible: databaseWorks,
    takesOver: 'The other nodes go on with all data; writes wait until they have given this one up.',
    otherwise: 'The rest is no majority, or has no data: nothing is read or changed until enough nodes are back.',
    // Measured on three nodes with evs.suspect_timeout of 2 s: 3.2 s, whether a node was killed or frozen.
    seconds: { process: 3, host: 3 },
  },
  {
    program: 'garbd',
    possible: databaseWorks,
    takesOver: 'The other votes are a majority; writes wait until they have given this one up.',
    otherwise: 'The rest is no majority: nothing is read or changed until enough votes are back.',
    seconds: { process: 3, host: 3 },
  },
  {
    program: 'patroni',
    possible: databaseWorks,
    takesOver: 'If it was the primary, its synchronous standby becomes primary; no commit is lost.',
    otherwise: 'Nobody is left who surely has every commit and may be made primary: changes wait until one is back.',
    // At most the lease (ttl 20 s) and some seconds to promote; a process that ends is started again by its unit before that. Not measured.
    seconds: { process: 25, host: 25 },
  },
  {
    program: 'etcd',
    possible: databaseWorks,
    takesOver: 'The primary goes on: the other votes are a majority, or every member of Patroni confirms it.',
    otherwise: 'No majority is left to say who is primary, so the primary steps down: changes wait until enough votes are back.',
    // A new leader of etcd is elected within one or two seconds; only who is primary is decided there. Not measured.
    seconds: { process: 2, host: 2 },
  },
  {
    program: 'rabbitmq',
    possible: queueWorks,
    takesOver: 'The other brokers have every confirmed message; clients connect to the next one.',
    otherwise:
      'No majority of brokers is left: hosts fetch their orders from controllers until enough are back; nothing that was accepted is lost.',
    // Measured: 0.6 s after a kill; a broker that falls silent holds new connections up for net_ticktime, 10 s with 8.
    seconds: { process: 1, host: 10 },
  },
  {
    program: 'nova-compute',
    within: 'guests',
    possible: never,
    takesOver: '',
    otherwise: 'Guests run on without their agent; orders to them wait in its mailbox until it is back.',
    seconds: { process: 0, host: 0 },
  },
  {
    program: 'guests',
    possible: never,
    takesOver: '',
    // Eight seconds of silence while a conductor has listened for ten.
    otherwise: 'Its guests are gone until it is back, and nobody starts them elsewhere; after about 8 s no new server is placed here.',
    seconds: { process: 0, host: 0 },
  },
]
