import { type Kysely, sql } from 'kysely'
import { migrations } from '../../migrations/all.ts'
import { openDatabase } from '../kernel/sql/database.ts'
import { hasTable } from '../kernel/sql/catalog.ts'
import type { Dialect } from '../kernel/sql/dialect.ts'
import { type Check, failing, type Finding, type Patient, warning } from './check.ts'

type Question = (db: Kysely<any>, dialect: Dialect) => Promise<readonly Finding[] | undefined>

const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }

/** A check that asks a table of the cloud; there is nothing to look at where it is not there. */
const ofTable = (table: string | undefined, id: string, about: string, ask: Question): Check => ({
  id,
  about,
  async run(patient: Patient) {
    const url = await patient.databaseUrl()
    const reachable = (await patient.database())?.some((host) => 'facts' in host)
    if (url === undefined || !reachable) return undefined
    const { db, dialect, close } = openDatabase({ url, log: silent, poolSize: 1, statementTimeoutMs: 3_000 })
    try {
      if (table !== undefined && !(await hasTable(db, dialect, table))) return undefined
      return await ask(db as Kysely<any>, dialect)
    } finally {
      void close().catch(() => {})
    }
  },
})

const named = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')

/** What the tables of the cloud tell: their schema, and work that does not go on. */
export const workChecks: readonly Check[] = [
  ofTable(undefined, 'migrations', 'whether the schema is that of this release', async (db) => {
    const rows = await db
      .selectFrom('kernel_migrations')
      .select('name')
      .execute()
      .catch(() => [])
    const [applied, known] = [rows.map(({ name }) => name as string), migrations.map(({ name }) => name)]
    const missing = known.filter((name) => !applied.includes(name))
    const newer = applied.filter((name) => /^\d{4}-/.test(name) && !known.includes(name))
    return [
      ...(missing.length > 0
        ? [failing(`The schema lacks ${named(missing)}`, 'Run `skykeel prepare`, or `skykeel up`, of this release.')]
        : []),
      ...(newer.length > 0
        ? [warning(`The schema is newer than this release: ${named(newer)}`, 'Bring this machine up to the newer release too.')]
        : []),
    ]
  }),
  ofTable('kernel_sagas', 'overdue-work', 'accepted work that is past its deadline', async (db, dialect) => {
    const rows = await db
      .selectFrom('kernel_sagas')
      .select(['kind', 'subject'])
      .where('active_subject', 'is not', null)
      .where('deadline_at', '<', dialect.fromNow(-60))
      .limit(100)
      .execute()
    if (rows.length === 0) return []
    const which = named(rows.map(({ kind, subject }) => `${kind} of ${subject}`))
    return [
      failing(
        `Work is past its deadline and does not end: ${which}`,
        'See whether controllers run, and their logs for that id: a host that is down is waited for.',
      ),
    ]
  }),
  ofTable('kernel_sagas', 'waiting-work', 'accepted work that nobody takes', async (db, dialect) => {
    const rows = await db
      .selectFrom('kernel_sagas')
      .select('role')
      .where('active_subject', 'is not', null)
      .where('due_at', '<', dialect.fromNow(-30))
      .limit(1000)
      .execute()
    const roles = [...new Set(rows.map(({ role }) => role as string))]
    return rows.length === 0
      ? []
      : [failing(`Work for ${named(roles)} waits since more than 30 s`, 'Run a controller with that role: `skykeel serve controller`.')]
  }),
  // Beside MariaDB the queue is elsewhere, and there is no such table.
  ofTable('kernel_messages', 'dead-letters', 'messages that nobody could handle', async (db) => {
    const rows = await db
      .selectFrom('kernel_messages')
      .select(['mailbox', sql<number>`count(*)`.as('count')])
      .where('mailbox', 'like', 'dead.%')
      .groupBy('mailbox')
      .execute()
    return rows.map(({ mailbox, count }) =>
      warning(`${count} messages lie in ${mailbox}`, 'The log of the controllers says why each was set aside.'),
    )
  }),
  ofTable('nova_services', 'hosts', 'whether hypervisors are there', async (db, dialect) => {
    const rows = await db
      .selectFrom('nova_services')
      .select(['host', 'disabled'])
      .where('program', '=', 'nova-compute')
      .where((eb) => eb.or([eb('seen_at', '<', dialect.fromNow(-10)), eb('silent', '=', true), eb('forced_down', '=', true)]))
      .orderBy('host')
      .execute()
    const down = rows.filter(({ disabled }) => !disabled).map(({ host }) => host as string)
    return down.length === 0
      ? []
      : [warning(`Hosts are down: ${named(down)}`, 'Start their agents, or disable them: `openstack compute service set --disable`.')]
  }),
]
