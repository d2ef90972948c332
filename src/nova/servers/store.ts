import { sql } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import { json, type Db, type Tx } from '../../kernel/sql/tables.ts'
import type { ServerFault, ServerRow } from './tables.ts'

/** A server that is not deleted. */
export const serverById = (db: Db, id: string): Promise<ServerRow | undefined> =>
  db.selectFrom('nova_servers').selectAll().where('id', '=', id).where('deleted', '=', false).executeTakeFirst()

/** A server, deleted or not. */
export const serverOfAllTimes = (db: Db, id: string): Promise<ServerRow | undefined> =>
  db.selectFrom('nova_servers').selectAll().where('id', '=', id).executeTakeFirst()

/** Servers by their ids, deleted ones too, in no order. */
export const serversByIds = (db: Db, ids: readonly string[]): Promise<ServerRow[]> =>
  ids.length === 0 ? Promise.resolve([]) : db.selectFrom('nova_servers').selectAll().where('id', 'in', ids).execute()

export type NewServer = Omit<
  ServerRow,
  | 'created_at'
  | 'updated_at'
  | 'launched_at'
  | 'terminated_at'
  | 'deleted'
  | 'revision'
  | 'fault_json'
  | 'locked_by'
  | 'locked_reason'
  | 'refusals_json'
  | 'zone'
  | 'host'
  | 'vm_state'
  | 'task_state'
  | 'power_state'
>

/** Puts in servers that are about to be built. */
export async function insertServers(ctx: Context, tx: Tx, servers: readonly NewServer[]): Promise<void> {
  const rows = servers.map((server) => ({
    ...server,
    flavor_json: json(server.flavor_json),
    metadata_json: json(server.metadata_json),
    refusals_json: '[]',
    vm_state: 'building' as const,
    task_state: 'scheduling' as const,
    power_state: 0 as const,
    zone: null,
    host: null,
    locked_by: null,
    locked_reason: null,
    fault_json: null,
    revision: 1,
    created_at: ctx.dialect.now(),
    updated_at: ctx.dialect.now(),
    launched_at: null,
    terminated_at: null,
    deleted: false,
  }))
  await tx.insertInto('nova_servers').values(rows).execute()
}

/** What may change of a server. */
export type ServerChange = Partial<
  Pick<ServerRow, 'name' | 'hostname' | 'description' | 'vm_state' | 'task_state' | 'power_state' | 'disk_config' | 'tags'>
> &
  Partial<Pick<ServerRow, 'access_ipv4' | 'access_ipv6' | 'locked_by' | 'locked_reason' | 'zone' | 'host'>> & {
    readonly metadata?: Record<string, string>
    readonly refusals?: readonly string[]
    readonly fault?: ServerFault | null
    readonly launched_at?: unknown
  }

const columnsOf = (ctx: Context, { metadata, refusals, fault, ...plain }: ServerChange) => ({
  ...plain,
  ...(metadata && { metadata_json: json(metadata) }),
  ...(refusals && { refusals_json: json(refusals) }),
  ...(fault !== undefined && { fault_json: fault && json(fault) }),
  revision: sql<number>`revision + 1`,
  updated_at: ctx.dialect.now(),
})

/**
 * Changes a server on behalf of its saga, which alone decides over these columns.
 * `unlessDeleting`: leaves it alone once its deletion was asked for. Says whether it changed.
 */
export async function changeServer(
  ctx: Context,
  tx: Tx,
  id: string,
  change: ServerChange,
  { unlessDeleting = false } = {},
): Promise<boolean> {
  let update = tx.updateTable('nova_servers').set(columnsOf(ctx, change)).where('id', '=', id).where('deleted', '=', false)
  if (unlessDeleting) update = update.where((eb) => eb.or([eb('task_state', 'is', null), eb('task_state', '!=', 'deleting')]))
  const { numUpdatedRows } = await update.executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

/** Changes a server that is still as it was seen; otherwise the whole transaction looks again. */
export async function changeSeenServer(
  ctx: Context,
  tx: Tx,
  seen: Pick<ServerRow, 'id' | 'revision'>,
  change: ServerChange,
): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('nova_servers')
    .set(columnsOf(ctx, change))
    .where('id', '=', seen.id)
    .where('revision', '=', seen.revision)
    .executeTakeFirst()
  if (Number(numUpdatedRows) !== 1) throw Object.assign(new Error(`server ${seen.id} changed meanwhile`), { code: '40001' })
}

/** Ends a server's life. Its row stays, for those who ask for deleted servers. */
export async function markDeleted(ctx: Context, tx: Tx, id: string): Promise<void> {
  await tx
    .updateTable('nova_servers')
    .set({
      vm_state: 'deleted',
      task_state: null,
      power_state: 0,
      deleted: true,
      revision: sql<number>`revision + 1`,
      updated_at: ctx.dialect.now(),
      terminated_at: ctx.dialect.now(),
    })
    .where('id', '=', id)
    .where('deleted', '=', false)
    .execute()
  await tx.deleteFrom('nova_server_consoles').where('server_id', '=', id).execute()
}

/** Which of these servers live, and where. */
export async function hostsOfServers(db: Db, ids: readonly string[]): Promise<Map<string, string | null>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('nova_servers').select(['id', 'host']).where('id', 'in', ids).where('deleted', '=', false).execute()
  return new Map(rows.map((row) => [row.id, row.host]))
}

/** Keeps what the guest wrote to its console, the newest output only. */
export async function keepConsole(ctx: Context, tx: Tx, serverId: string, output: string): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('nova_server_consoles')
    .set({ output })
    .where('server_id', '=', serverId)
    .executeTakeFirst()
  if (Number(numUpdatedRows) === 0) await ctx.dialect.insertIfAbsent(tx, 'nova_server_consoles', { server_id: serverId, output })
}

/** The last console output; undefined when its host never reported any. */
export async function consoleOf(db: Db, serverId: string): Promise<string | undefined> {
  return (await db.selectFrom('nova_server_consoles').select('output').where('server_id', '=', serverId).executeTakeFirst())?.output
}
