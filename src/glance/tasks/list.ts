import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import { invalid, notFound } from '../../kernel/errors.ts'
import { readTaskSearch } from './search.ts'
import { searchTasks, taskById } from './store.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { TaskRow } from '../tables.ts'

export interface TaskPage {
  readonly tasks: readonly TaskRow[]
  readonly first: string
  readonly next: string | undefined
}

const path = '/v2/tasks'

/** One page of the asker's tasks; an admin sees all. */
export async function listTasks(ctx: CloudContext, db: Db): Promise<TaskPage> {
  const query = ctx.request.search
  const search = readTaskSearch(query)
  const after = search.marker === undefined ? undefined : await seenTask(ctx, db, search.marker)
  if (search.marker !== undefined && !after) throw invalid(`Could not find marker ${search.marker}`)
  const found = await searchTasks(db, isAdmin(ctx.subject) ? undefined : projectOf(ctx), search, after)
  const tasks = found.slice(0, search.limit)
  const more = found.length > tasks.length && tasks.length > 0
  return { tasks, first: withQuery(query, undefined), next: more ? withQuery(query, tasks.at(-1)!.id) : undefined }
}

/** The task, if the asker may see it; else refuses with `notFound`. */
export async function visibleTask(ctx: CloudContext, db: Db, id: string): Promise<TaskRow> {
  const task = await seenTask(ctx, db, id)
  if (!task) throw notFound(`Failed to find task ${id}. Reason: Task ${id} could not be found`)
  return task
}

async function seenTask(ctx: CloudContext, db: Db, id: string): Promise<TaskRow | undefined> {
  const task = await taskById(db, id)
  return task && (isAdmin(ctx.subject) || task.owner === projectOf(ctx)) ? task : undefined
}

function withQuery(query: URLSearchParams, marker: string | undefined): string {
  const own = new URLSearchParams(query)
  own.delete('marker')
  if (marker !== undefined) own.set('marker', marker)
  return own.size === 0 ? path : `${path}?${own}`
}
