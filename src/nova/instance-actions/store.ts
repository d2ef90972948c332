import type { CloudContext } from '../../cloud/context.ts'
import type { Context } from '../../kernel/context.ts'
import { json, type Db, type Tx } from '../../kernel/sql/tables.ts'
import type { ActionEvent, InstanceActionRow } from '../servers/tables.ts'
import '../servers/tables.ts'

export interface NewAction {
  readonly serverIds: readonly string[]
  readonly projectId: string
  /** In nova's words: create, start, … */
  readonly action: string
}

/** Records that the user asked for something; gives the record's id by server. What is done at once is finished at once. */
export async function recordActions(ctx: CloudContext, tx: Tx, { serverIds, projectId, action }: NewAction): Promise<Map<string, string>> {
  const rows = serverIds.map((serverId) => ({
    id: ctx.ids.uuid(),
    server_id: serverId,
    request_id: ctx.requestId.slice(0, 64),
    action,
    user_id: ctx.subject.userId,
    project_id: projectId,
    message: null,
    events_json: '[]',
    started_at: ctx.dialect.now(),
    updated_at: ctx.dialect.now(),
  }))
  await tx.insertInto('nova_instance_actions').values(rows).execute()
  return new Map(rows.map((row) => [row.server_id, row.id]))
}

/** Records what one server was asked for; gives the record's id. */
export async function recordAction(
  ctx: CloudContext,
  tx: Tx,
  server: { readonly id: string; readonly project_id: string },
  action: string,
): Promise<string> {
  return (await recordActions(ctx, tx, { serverIds: [server.id], projectId: server.project_id, action })).get(server.id)!
}

/** Records how it ended. */
export async function finishAction(ctx: Context, tx: Tx, actionId: string, end: Omit<ActionEvent, 'finishedAt'>): Promise<void> {
  const event: ActionEvent = { ...end, finishedAt: ctx.clock.now().toISOString() }
  await tx
    .updateTable('nova_instance_actions')
    .set({ events_json: json([event]), updated_at: ctx.dialect.now(), ...(end.result === 'Error' && { message: 'Error' }) })
    .where('id', '=', actionId)
    .execute()
}

/** Bounds of a list of actions. */
export interface ActionsWanted {
  readonly limit: number
  readonly after?: Pick<InstanceActionRow, 'id'> | undefined
  readonly changesSince?: Date | undefined
  readonly changesBefore?: Date | undefined
}

/** What was asked of a server, the newest first. */
export function actionsOf(
  db: Db,
  serverId: string,
  { limit, after, changesSince, changesBefore }: ActionsWanted,
): Promise<InstanceActionRow[]> {
  let query = db.selectFrom('nova_instance_actions').selectAll().where('server_id', '=', serverId)
  if (changesSince) query = query.where('updated_at', '>=', changesSince)
  if (changesBefore) query = query.where('updated_at', '<=', changesBefore)
  if (after) {
    const marker = db.selectFrom('nova_instance_actions as m').select('m.started_at').where('m.id', '=', after.id)
    query = query.where((eb) => eb.or([eb('started_at', '<', marker), eb.and([eb('started_at', '=', marker), eb('id', '<', after.id)])]))
  }
  return query.orderBy('started_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

/** The action that a request asked for; its last, should the id stand for several. */
export const actionOf = (db: Db, serverId: string, requestId: string): Promise<InstanceActionRow | undefined> =>
  db
    .selectFrom('nova_instance_actions')
    .selectAll()
    .where('server_id', '=', serverId)
    .where('request_id', '=', requestId)
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst()
