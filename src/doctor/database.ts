import { type Check, failing, type Finding, type Patient, warning } from './check.ts'
import type { Facts, HostFacts } from './facts.ts'

type Told = { readonly host: string; readonly facts: Facts }

const told = (hosts: readonly HostFacts[]): Told[] => hosts.filter((one): one is Told => 'facts' in one)
/** A version as a number that grows with it: 10.11 is more than 10.6. */
const rank = (version: string): number => {
  const [, major = 0, minor = 0] = /^(\d+)(?:\.(\d+))?/.exec(version) ?? []
  return Number(major) * 1000 + Number(minor)
}

/** Oldest versions that the tests of a release have seen work. */
const oldest = { postgres: '15', mysql: '10.6' }
const words = { postgres: 'PostgreSQL', mysql: 'MariaDB or MySQL' }

const settings: readonly { name: string; good: string; why: string; galeraOnly?: true }[] = [
  { name: 'fsync', good: 'on', why: 'a loss of power destroys the database' },
  { name: 'innodb_flush_log_at_trx_commit', good: '1', why: 'crashes lose confirmed commits' },
  { name: 'innodb_autoinc_lock_mode', good: '2', why: 'Galera needs interleaved counting', galeraOnly: true },
  { name: 'binlog_format', good: 'ROW', why: 'Galera replicates rows', galeraOnly: true },
]

/** A check of what the hosts tell; there is nothing to look at when none does. */
const ofHosts = (
  id: string,
  about: string,
  judge: (hosts: readonly Told[], all: readonly HostFacts[]) => readonly Finding[] | undefined,
): Check => ({
  id,
  about,
  async run(patient: Patient) {
    const all = await patient.database()
    const hosts = told(all ?? [])
    return all && hosts.length > 0 ? judge(hosts, all) : undefined
  },
})
const each = (hosts: readonly Told[], judge: (facts: Facts, host: string) => Finding | undefined): Finding[] =>
  hosts.flatMap(({ host, facts }) => judge(facts, host) ?? [])

/** What the database must be like. */
export const databaseChecks: readonly Check[] = [
  {
    id: 'database-hosts',
    about: 'whether every host of the database answers',
    async run({ database }) {
      const all = await database()
      const silent = (all ?? []).flatMap((one) => ('problem' in one ? [one] : []))
      const severity = all && silent.length * 2 >= all.length ? failing : warning
      return (
        all &&
        silent.map(({ host, problem }) =>
          severity(`The database host ${host} does not answer: ${problem}`, 'Start it, or correct the URL.'),
        )
      )
    },
  },
  ofHosts('database-version', 'the version of the database', (hosts) =>
    each(hosts, ({ family, version }, host) =>
      rank(version) >= rank(oldest[family])
        ? undefined
        : warning(`${host} is ${words[family]} ${version}`, `Use ${oldest[family]} or later.`),
    ),
  ),
  ofHosts('database-writable', 'whether writes have one place to go', (hosts) => {
    const writable = hosts.filter(({ facts }) => facts.writable).map(({ host }) => host)
    if (writable.length === 0)
      return [failing('No host of the database takes writes', 'Promote a standby, or see why its cluster manager does not.')]
    if (writable.length === 1 || hosts.every(({ facts }) => facts.status['wsrep_on'] === 'ON')) return []
    return [
      failing(
        `${writable.join(' and ')} both take writes: two primaries`,
        'Stop the one that is not the cluster’s, at once, and compare their data.',
      ),
    ]
  }),
  ofHosts('replication', 'whether a commit is on more than one machine', (hosts, all) => {
    const primary = hosts.find(({ facts }) => facts.writable)
    const { sync_standbys: synchronous, synchronous_commit: commit } = primary?.facts.status ?? {}
    if (!primary || synchronous === undefined || all.length < 2) return undefined
    if (commit === 'off' || commit === 'local')
      return [failing(`synchronous_commit is ${commit} on ${primary.host}`, 'Set it to on: what was confirmed is lost otherwise.')]
    if (Number(synchronous) > 0) return []
    return [
      failing(
        `No standby of ${primary.host} is synchronous: its death loses what was confirmed`,
        'With Patroni: `synchronous_mode: true`.',
      ),
    ]
  }),
  ofHosts('galera', 'the members of the Galera cluster', (hosts) => {
    const members = hosts.filter(({ facts }) => facts.status['wsrep_on'] === 'ON')
    if (members.length === 0) return undefined
    const sizes = new Set(members.map(({ facts }) => Number(facts.status['wsrep_cluster_size'])))
    return [
      ...each(members, ({ status }, host) => {
        const [state, cluster] = [status['wsrep_local_state_comment'], status['wsrep_cluster_status']]
        if (status['wsrep_ready'] === 'ON' && cluster === 'Primary' && state === 'Synced') return undefined
        return failing(
          `${host} is ${state} in a cluster that is ${cluster}`,
          'See its log; a member that was cut off joins again when it reaches the others.',
        )
      }),
      ...(sizes.size > 1
        ? [
            failing(
              'The members do not agree how many they are: there is more than one cluster',
              'Stop the smaller one, and let its members join.',
            ),
          ]
        : []),
      ...[...sizes].filter((size) => size % 2 === 0).map(even),
    ]
  }),
  ofHosts('settings', 'settings that decide whether commits survive', (hosts) =>
    hosts.flatMap(({ host, facts: { status } }) =>
      settings
        .filter(({ name, good, galeraOnly }) => ![good, undefined].includes(status[name]) && (!galeraOnly || status['wsrep_on'] === 'ON'))
        .map(({ name, good, why }) => failing(`${name} is ${status[name]} on ${host}: ${why}`, `Set it to ${good}.`)),
    ),
  ),
  ofHosts('clock-skew', 'how far the clocks of the database and this machine are apart', (hosts) =>
    each(hosts, ({ aheadMs }, host) => {
      const seconds = Math.abs(aheadMs) / 1000
      if (seconds < 2) return undefined
      const problem = `The clock of ${host} is ${seconds.toFixed(1)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine's`
      return (seconds > 30 ? failing : warning)(problem, 'Synchronise both by NTP.')
    }),
  ),
  ofHosts('transactions', 'transactions that do not end', (hosts) =>
    each(hosts, ({ oldestTransactionSeconds: age }, host) =>
      age < 600
        ? undefined
        : warning(
            `A transaction on ${host} is ${Math.round(age / 60)} minutes old`,
            'See whose it is (a backup?); it keeps old rows from being cleared away.',
          ),
    ),
  ),
  ofHosts('connections', 'free connections to the database', (hosts) =>
    each(hosts, ({ connections, maxConnections }, host) =>
      connections < maxConnections * 0.8
        ? undefined
        : warning(
            `${connections} of ${maxConnections} connections of ${host} are in use`,
            'Raise max_connections; each controller takes ten or more.',
          ),
    ),
  ),
]

const even = (count: number): Finding =>
  warning(`The cluster has ${count} members, an even number: halves that lose each other both stop`, 'Add one, or an arbitrator (garbd).')
