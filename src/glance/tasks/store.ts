import { sql } from 'kysely'
import { afterMarker, sortedBy } from '../../cloud/paging.ts'
import { json, type Db, type Tx } from '../../kernel/sql/tables.ts'
import type { Context } from '../../kernel/context.ts'
import type { TaskRow, TaskStatus, TaskType } from '../tables.ts'
import type { TaskSearch } from './search.ts'

/** A task that is about to be accepted. */
export interface NewTask {
  readonly type: TaskType
  readonly owner: string | null
  readonly userId: string | null
  readonly imageId: string | null
  readonly input: Record<string, unknown>
}

/** How long a task that ended is remembered, in seconds. */
const lifeSeconds = 48 * 3600

/** Writes a task down as pending. Its request id is the one of the request that asks for it. */
export async function insertTask(ctx: Context, tx: Tx, { userId, imageId, input, ...task }: NewTask): Promise<TaskRow> {
  const id = ctx.ids.uuid()
  const now = ctx.dialect.now()
  await tx
    .insertInto('glance_tasks')
    .values({
      ...task,
      id,
      status: 'pending',
      user_id: userId,
      request_id: ctx.requestId,
      image_id: imageId,
      input_json: json(input),
      result_json: null,
      message: '',
      created_at: now,
      updated_at: now,
      expires_at: null,
    })
    .execute()
  return (await taskById(tx, id))!
}

export const taskById = async (db: Db, id: string): Promise<TaskRow | undefined> =>
  db.selectFrom('glance_tasks').selectAll().where('id', '=', id).executeTakeFirst()

/** The tasks of an image, the oldest first; the last thousand of them at most. */
export async function tasksOfImage(db: Db, imageId: string): Promise<TaskRow[]> {
  const query = db.selectFrom('glance_tasks').selectAll().where('image_id', '=', imageId)
  const latest = await query.orderBy('created_at', 'desc').orderBy('id').limit(1000).execute()
  return latest.toReversed()
}

/** One page and one more of the tasks of a project; of all projects when `owner` is undefined. */
export async function searchTasks(db: Db, owner: string | undefined, search: TaskSearch, after: TaskRow | undefined): Promise<TaskRow[]> {
  const keys = [{ column: search.sortKey, direction: search.direction } as const, { column: 'id', direction: search.direction } as const]
  let query = db
    .selectFrom('glance_tasks')
    .selectAll()
    .where(sql<boolean>`1 = 1`)
  if (owner !== undefined) query = query.where('owner', '=', owner)
  if (search.status !== undefined) query = query.where('status', '=', search.status)
  if (search.type !== undefined) query = query.where('type', '=', search.type)
  // The marker's own time, with all the digits that the database has of it.
  const mark = after && {
    [search.sortKey]: sql`(select ${sql.ref(search.sortKey)} from glance_tasks where id = ${after.id})`,
    id: after.id,
  }
  if (mark) query = afterMarker(query, keys, mark)
  return sortedBy(query, keys)
    .limit(search.limit + 1)
    .execute()
}

/** The task is being worked on. */
export const markProcessing = async (ctx: Context, tx: Tx, id: string): Promise<void> => change(ctx, tx, id, { status: 'processing' })

/** The task ended well. */
export const markSucceeded = async (ctx: Context, tx: Tx, id: string, result: object): Promise<void> =>
  change(ctx, tx, id, { status: 'success', result_json: json(result), expires_at: ctx.dialect.fromNow(lifeSeconds) })

/** The task ended without what it was for, and says why. */
export const markFailed = async (ctx: Context, tx: Tx, id: string, message: string): Promise<void> =>
  change(ctx, tx, id, { status: 'failure', message, expires_at: ctx.dialect.fromNow(lifeSeconds) })

interface Change {
  readonly status: TaskStatus
  readonly result_json?: string
  readonly message?: string
  readonly expires_at?: any
}

async function change(ctx: Context, tx: Tx, id: string, values: Change): Promise<void> {
  await tx
    .updateTable('glance_tasks')
    .set({ ...values, updated_at: ctx.dialect.now() })
    .where('id', '=', id)
    .execute()
}

/** Forgets tasks that have expired, at most `limit` at once. Returns how many. */
export async function forgetExpiredTasks(ctx: Context, limit = 1000): Promise<number> {
  const query = ctx.db.selectFrom('glance_tasks').select('id').where('expires_at', '<', ctx.dialect.now())
  const ids = (await query.limit(limit).execute()).map((row) => row.id)
  if (ids.length > 0) await ctx.db.deleteFrom('glance_tasks').where('id', 'in', ids).execute()
  return ids.length
}
