import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { defaultZone } from '../zone-names.ts'
import '../tables.ts'

/** A host that was not heard of for longer is down, in seconds: a process that stalls for five, and speaks every second or two, is not. */
export const downAfterSeconds = 8

export interface Host {
  /** Of its resource provider, and since 2.53 of the hypervisor. */
  readonly id: string
  /** Of the hypervisor before 2.53. */
  readonly number: number
  readonly serviceId: string
  readonly serviceNumber: number
  readonly name: string
  readonly driver: string
  readonly vcpus: number
  readonly memoryMb: number
  readonly diskGb: number
  readonly zone: string
  readonly createdAt: Date
  readonly seenAt: Date
  readonly up: boolean
  readonly disabled: boolean
  readonly disabledReason: string | null
  readonly forcedDown: boolean
}

/** All hosts, with what their services say. Continue it with `where`; columns of `nova_hosts` are `h.`, of `nova_services` `s.`. */
export const hostRows = (ctx: Pick<Context, 'dialect'>, db: Db) =>
  db
    .selectFrom('nova_hosts as h')
    .innerJoin('nova_services as s', 's.id', 'h.service_id')
    .leftJoin('nova_zone_hosts as z', 'z.host', 'h.name')
    .select(['h.id', 'h.number', 'h.service_id', 'h.name', 'h.driver', 'h.vcpus', 'h.memory_mb', 'h.disk_gb', 'h.created_at', 'z.zone'])
    .select(['s.number as service_number', 's.seen_at', 's.disabled', 's.disabled_reason', 's.forced_down'])
    .select(() => isUp(ctx, 's').as('up'))

/** Only when some conductor has heard the queue for as long is a host's silence its own, in seconds. */
export const heardForSeconds = 10

/** Whoever needs no queue to be heard is down in any case after so long, in seconds: there may be no other conductor to listen. */
export const longestExcuseSeconds = 120

/**
 * 1 for a service that reported within the last seconds, by the database's clock. While the queue or the database was away nobody
 * could be heard: none is taken for dead because of that, or an outage of a few seconds would fail every build. A report from the
 * future was dated before that clock was set back, and says as little as an old one.
 */
export const isUp = (ctx: Pick<Context, 'dialect'>, table: string) => {
  const recently = ctx.dialect.fromNow(-downAfterSeconds)
  const soon = ctx.dialect.fromNow(downAfterSeconds)
  const somebodyListens = sql`exists (select 1 from nova_services c where c.program = 'nova-conductor' and c.seen_at between ${recently} and ${soon} and c.listening_since <= ${ctx.dialect.fromNow(-heardForSeconds)})`
  const mayBeExcused = sql`(${sql.ref(`${table}.program`)} = 'nova-compute' or ${sql.ref(`${table}.seen_at`)} >= ${ctx.dialect.fromNow(-longestExcuseSeconds)})`
  const excused = sql`${mayBeExcused} and not ${somebodyListens}`
  return sql<number>`case when (${sql.ref(`${table}.seen_at`)} between ${recently} and ${soon} or (${excused})) and not ${sql.ref(`${table}.forced_down`)} then 1 else 0 end`
}

type HostRecord = Awaited<ReturnType<ReturnType<typeof hostRows>['execute']>>[number]

/** A row of `hostRows` as the rest of nova knows it. */
export const hostOf = (row: HostRecord): Host => ({
  id: row.id,
  number: Number(row.number),
  serviceId: row.service_id,
  serviceNumber: Number(row.service_number),
  name: row.name,
  driver: row.driver,
  vcpus: row.vcpus,
  memoryMb: row.memory_mb,
  diskGb: row.disk_gb,
  zone: row.zone ?? defaultZone,
  createdAt: row.created_at,
  seenAt: row.seen_at,
  up: Number(row.up) === 1,
  disabled: row.disabled,
  disabledReason: row.disabled_reason,
  forcedDown: row.forced_down,
})

/** A host by name. */
export async function hostByName(ctx: Pick<Context, 'dialect'>, db: Db, name: string): Promise<Host | undefined> {
  const row = await hostRows(ctx, db).where('h.name', '=', name).executeTakeFirst()
  return row && hostOf(row)
}

/** Whether the host reported within the last seconds; false for one that there is not. */
export const hostIsUp = async (ctx: Pick<Context, 'dialect'>, db: Db, name: string): Promise<boolean> =>
  (await hostByName(ctx, db, name))?.up ?? false

/** Hosts by the ids of their resource providers; those that don't exist are not in the map. One query for any number. */
export async function hostsByProviderId(ctx: Pick<Context, 'dialect'>, db: Db, ids: readonly string[]): Promise<Map<string, Host>> {
  if (ids.length === 0) return new Map()
  const rows = await hostRows(ctx, db).where('h.id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, hostOf(row)]))
}

/** Hosts by name; those that don't exist are not in the map. One query for any number. */
export async function hostsByName(ctx: Pick<Context, 'dialect'>, db: Db, names: readonly string[]): Promise<Map<string, Host>> {
  if (names.length === 0) return new Map()
  const rows = await hostRows(ctx, db).where('h.name', 'in', names).execute()
  return new Map(rows.map((row) => [row.name, hostOf(row)]))
}

/** Whether there is a zone of this name: the default one, or one that has a host. */
export async function zoneExists(db: Db, zone: string): Promise<boolean> {
  if (zone === defaultZone) return true
  return (await db.selectFrom('nova_zone_hosts').select('host').where('zone', '=', zone).limit(1).executeTakeFirst()) !== undefined
}
