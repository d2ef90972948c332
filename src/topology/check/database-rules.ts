import { hostsWith } from '../model.ts'
import { namesOf, type Rule, when } from './rule.ts'

/** Where the database and the queue are, and whether their engines can do what is asked of them. */
export const databaseRules: readonly Rule[] = [
  {
    id: 'no-database',
    severity: 'error',
    find: (topology) =>
      when(topology.database !== 'external' && hostsWith(topology, 'database').length === 0, () => ({
        subject: topology.database,
        breaks: 'No host keeps the database, without which nothing starts.',
        fix: 'Give the role database to three hosts, or write `database: external`.',
      })),
  },
  {
    id: 'single-database',
    severity: 'warning',
    find: (topology) => {
      const hosts = hostsWith(topology, 'database')
      return when(topology.database !== 'external' && hosts.length === 1, () => ({
        subject: namesOf(hosts),
        breaks: 'All state is on this host alone: when it dies the cloud stands still, and with its disk everything is lost.',
        fix: 'Give the role database to two hosts more.',
      }))
    },
  },
  {
    id: 'galera-durability',
    severity: 'note',
    find: ({ database }) =>
      when(database === 'galera', () => ({
        subject: 'galera',
        breaks: 'Published tests made Galera lose acknowledged commits when nodes crashed while the network was parted.',
        fix: 'Write `database: patroni` where an acknowledged change must outlive that too.',
      })),
  },
  {
    id: 'no-broker',
    severity: 'error',
    find: (topology) =>
      when(topology.queue === 'rabbitmq' && hostsWith(topology, 'message-queue').length === 0, () => ({
        subject: 'rabbitmq',
        breaks: 'No host runs the message queue, so no order ever reaches a hypervisor.',
        fix: 'Give the role message-queue to three hosts, or write `queue: database` with Patroni.',
      })),
  },
  {
    id: 'queue-on-galera',
    severity: 'error',
    find: ({ database, queue }) =>
      when(queue === 'database' && database === 'galera', () => ({
        subject: 'queue',
        breaks: 'Galera cannot carry messages, since MariaDB has no LISTEN, so controllers refuse to start.',
        fix: 'Write `queue: rabbitmq`, or `database: patroni`.',
      })),
  },
  {
    id: 'queue-on-external-database',
    severity: 'note',
    find: ({ database, queue }) =>
      when(queue === 'database' && database === 'external', () => ({
        subject: 'queue',
        breaks: 'Messages travel through the external database, which only PostgreSQL can do.',
        fix: 'Write `queue: rabbitmq` if that database is MariaDB or MySQL.',
      })),
  },
  {
    id: 'external-not-judged',
    severity: 'note',
    find: ({ database, queue }) =>
      [...(database === 'external' ? ['database'] : []), ...(queue === 'external' ? ['queue'] : [])].map((subject) => ({
        subject,
        breaks: `The ${subject} is somebody else's, so this analysis takes it to be always there.`,
        fix: 'Ask its operator which deaths it survives, and how long it takes to.',
      })),
  },
]
