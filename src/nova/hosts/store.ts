import type { Db } from '../../kernel/sql/tables.ts'
import { defaultZone } from '../zone-names.ts'
import '../tables.ts'

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
export const hostRows = (db: Db) =>
  db
    .selectFrom('nova_hosts as h')
    .innerJoin('nova_services as s', 's.id', 'h.service_id')
    .leftJoin('nova_zone_hosts as z', 'z.host', 'h.name')
    .select(['h.id', 'h.number', 'h.service_id', 'h.name', 'h.driver', 'h.vcpus', 'h.memory_mb', 'h.disk_gb', 'h.created_at', 'z.zone'])
    .select(['s.number as service_number', 's.seen_at', 's.disabled', 's.disabled_reason', 's.forced_down', 's.silent'])

/** Whether a service is there: somebody who listens would have marked it as silent otherwise, see `silence.ts`. */
export const isUp = (row: { readonly silent: boolean; readonly forced_down: boolean }): boolean => !row.silent && !row.forced_down

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
  up: isUp(row),
  disabled: row.disabled,
  disabledReason: row.disabled_reason,
  forcedDown: row.forced_down,
})

/** A host by name. */
export async function hostByName(db: Db, name: string): Promise<Host | undefined> {
  const row = await hostRows(db).where('h.name', '=', name).executeTakeFirst()
  return row && hostOf(row)
}

/** Whether the host reported within the last seconds; false for one that there is not. */
export const hostIsUp = async (db: Db, name: string): Promise<boolean> => (await hostByName(db, name))?.up ?? false

/** Hosts by the ids of their resource providers; those that don't exist are not in the map. One query for any number. */
export async function hostsByProviderId(db: Db, ids: readonly string[]): Promise<Map<string, Host>> {
  if (ids.length === 0) return new Map()
  const rows = await hostRows(db).where('h.id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, hostOf(row)]))
}

/** Hosts by name; those that don't exist are not in the map. One query for any number. */
export async function hostsByName(db: Db, names: readonly string[]): Promise<Map<string, Host>> {
  if (names.length === 0) return new Map()
  const rows = await hostRows(db).where('h.name', 'in', names).execute()
  return new Map(rows.map((row) => [row.name, hostOf(row)]))
}

/** Whether there is a zone of this name: the default one, or one that has a host. */
export async function zoneExists(db: Db, zone: string): Promise<boolean> {
  if (zone === defaultZone) return true
  return (await db.selectFrom('nova_zone_hosts').select('host').where('zone', '=', zone).limit(1).executeTakeFirst()) !== undefined
}
