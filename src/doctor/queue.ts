import { type Check, failing, warning } from './check.ts'

/** What the message queue must be like, where it is RabbitMQ. On the database it is as well as that. */
export const queueChecks: readonly Check[] = [
  {
    id: 'queue-hosts',
    about: 'whether every host of the message queue answers',
    async run({ queue }) {
      const hosts = await queue()
      const silent = hosts?.filter(({ problem }) => problem !== undefined) ?? []
      const severity = hosts && silent.length * 2 >= hosts.length ? failing : warning
      return (
        hosts &&
        silent.map(({ host, problem }) =>
          severity(
            `The queue host ${host} can't be used: ${problem}`,
            'Start it, or correct the URL. Hosts fetch their orders from controllers meanwhile.',
          ),
        )
      )
    },
  },
  {
    id: 'queue-alarms',
    about: 'whether the message queue takes messages in',
    async run({ queue }) {
      const hosts = await queue()
      return hosts
        ?.filter(({ blocked, members }) => blocked || members?.some(({ alarm }) => alarm))
        .slice(0, 1)
        .map(({ host }) =>
          failing(
            `The queue at ${host} takes nothing in, for lack of memory or disk`,
            'Free some: see `rabbitmqctl status`, under Alarms.',
          ),
        )
    },
  },
  {
    id: 'queue-members',
    about: 'the members of the message queue',
    async run({ queue }) {
      const hosts = await queue()
      const members = hosts?.find((one) => one.members)?.members
      const count = members?.length ?? hosts?.length ?? 0
      if (!hosts) return undefined
      return [
        ...(members ?? [])
          .filter(({ running }) => !running)
          .map(({ name }) => failing(`${name} does not run`, 'Start it, or remove it: `rabbitmqctl forget_cluster_node`.')),
        ...(members ?? [])
          .filter(({ partitioned }) => partitioned)
          .map(({ name }) =>
            failing(`${name} is partitioned from others`, 'Restart the smaller side; set cluster_partition_handling = pause_minority.'),
          ),
        ...(count % 2 === 0
          ? [warning(`The queue has ${count} members, an even number: halves that lose each other both stop`, 'Make it three or five.')]
          : []),
      ]
    },
  },
]
