import { isUp } from '../hosts/store.ts'
import { defaultZone, internalZone } from '../zone-names.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import '../tables.ts'

/** A process of nova on a host. */
export interface ServiceInfo {
  readonly id: string
  /** Its id before 2.53. */
  readonly number: number
  readonly program: string
  readonly host: string
  /** The host's zone; 'internal' for services without guests. */
  readonly zone: string
  readonly up: boolean
  readonly seenAt: Date
  readonly disabled: boolean
  readonly disabledReason: string | null
  readonly forcedDown: boolean
}

const serviceRows = (db: Db) =>
  db
    .selectFrom('nova_services as s')
    .leftJoin('nova_zone_hosts as z', 'z.host', 's.host')
    .select([
      's.id',
      's.number',
      's.program',
      's.host',
      's.seen_at',
      's.disabled',
      's.disabled_reason',
      's.forced_down',
      's.silent',
      'z.zone',
    ])

type ServiceRecord = Awaited<ReturnType<ReturnType<typeof serviceRows>['execute']>>[number]

const serviceOf = (row: ServiceRecord): ServiceInfo => ({
  id: row.id,
  number: Number(row.number),
  program: row.program,
  host: row.host,
  zone: row.program === 'nova-compute' ? (row.zone ?? defaultZone) : internalZone,
  up: isUp(row),
  seenAt: row.seen_at,
  disabled: row.disabled,
  disabledReason: row.disabled_reason,
  forcedDown: row.forced_down,
})

/** Which services are asked for. */
export interface ServiceFilter {
  readonly host?: string | undefined
  readonly program?: string | undefined
  readonly id?: string | undefined
  readonly number?: number | undefined
}

/** Services in the order in which they came. */
export async function listServices(db: Db, filter: ServiceFilter = {}): Promise<ServiceInfo[]> {
  let query = serviceRows(db).orderBy('s.number')
  if (filter.host !== undefined) query = query.where('s.host', '=', filter.host)
  if (filter.program !== undefined) query = query.where('s.program', '=', filter.program)
  if (filter.id !== undefined) query = query.where('s.id', '=', filter.id)
  if (filter.number !== undefined) query = query.where('s.number', '=', filter.number)
  return (await query.execute()).map(serviceOf)
}

/** What an operator may set. */
export interface ServiceChange {
  readonly disabled?: boolean
  readonly disabledReason?: string | null
  readonly forcedDown?: boolean
}

/** Sets what an operator decided about a service. */
export async function changeService(
  ctx: Context,
  tx: Tx,
  id: string,
  { disabled, disabledReason, forcedDown }: ServiceChange,
): Promise<void> {
  await tx
    .updateTable('nova_services')
    .set({
      ...(disabled !== undefined && { disabled }),
      ...(disabledReason !== undefined && { disabled_reason: disabledReason }),
      ...(forcedDown !== undefined && { forced_down: forcedDown }),
      updated_at: ctx.dialect.now(),
    })
    .where('id', '=', id)
    .execute()
}

/** Forgets a service, and with nova-compute the host. Returns the ids of the hosts that went. */
export async function deleteServiceRows(tx: Tx, { id, host, program }: ServiceInfo): Promise<string[]> {
  const hosts = await tx.selectFrom('nova_hosts').select('id').where('service_id', '=', id).execute()
  await tx.deleteFrom('nova_services').where('id', '=', id).execute()
  await tx.deleteFrom('nova_hosts').where('service_id', '=', id).execute()
  if (program === 'nova-compute') {
    await tx.deleteFrom('nova_aggregate_hosts').where('host', '=', host).execute()
    await tx.deleteFrom('nova_zone_hosts').where('host', '=', host).execute()
  }
  return hosts.map((row) => row.id)
}
