import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { HostReport } from './reports.ts'
import '../tables.ts'

/** What is known of a host that reports. `id` is null while only its service is known. */
export interface KnownHost {
  readonly host: string
  readonly id: string | null
  readonly agent: string | null
  readonly driver: string | null
  readonly vcpus: number | null
  readonly memory_mb: number | null
  readonly disk_gb: number | null
}

/** What is known of these hosts, by name. One query. */
export async function knownHosts(db: Db, names: readonly string[]): Promise<Map<string, KnownHost>> {
  const rows = await db
    .selectFrom('nova_services as s')
    .leftJoin('nova_hosts as h', 'h.service_id', 's.id')
    .select(['s.host', 'h.id', 'h.agent', 'h.driver', 'h.vcpus', 'h.memory_mb', 'h.disk_gb'])
    .where('s.program', '=', 'nova-compute')
    .where('s.host', 'in', names)
    .execute()
  return new Map(rows.map((row) => [row.host, row]))
}

/** Says that the services of these hosts were heard of now. One statement. */
export async function touchServices(ctx: Context, program: string, hosts: readonly string[]): Promise<number> {
  const touched = await ctx.db
    .updateTable('nova_services')
    .set((eb) => ({ seen_at: ctx.dialect.now(), beats: eb('beats', '+', 1), silent: false }))
    .where('program', '=', program)
    .where('host', 'in', hosts)
    .executeTakeFirst()
  return Number(touched.numUpdatedRows)
}

/** Makes a service that reports for the first time. False: it is there. */
export const insertService = (ctx: Context, tx: Tx, program: string, host: string): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'nova_services', {
    id: ctx.ids.uuid(),
    program,
    host,
    seen_at: ctx.dialect.now(),
    disabled: false,
    disabled_reason: null,
    forced_down: false,
    created_at: ctx.dialect.now(),
    updated_at: null,
  })

/** Makes or updates a host with its service. Returns the host's id. */
export async function putHost(ctx: Context, tx: Tx, agent: string, { name, driver, resources }: HostReport): Promise<string> {
  await insertService(ctx, tx, 'nova-compute', name)
  const service = await tx
    .selectFrom('nova_services')
    .select('id')
    .where('program', '=', 'nova-compute')
    .where('host', '=', name)
    .executeTakeFirstOrThrow()
  const values = { agent, driver, vcpus: resources.vcpus, memory_mb: resources.memoryMb, disk_gb: resources.diskGb }
  const row = { id: ctx.ids.uuid(), service_id: service.id, name, ...values, created_at: ctx.dialect.now() }
  if (await ctx.dialect.insertIfAbsent(tx, 'nova_hosts', row)) return row.id
  await tx.updateTable('nova_hosts').set(values).where('name', '=', name).execute()
  return (await tx.selectFrom('nova_hosts').select('id').where('name', '=', name).executeTakeFirstOrThrow()).id
}
