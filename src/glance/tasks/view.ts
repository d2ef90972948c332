import { viewTime } from '../images/view.ts'
import type { TaskRow } from '../tables.ts'

/** A task in a list. */
export const viewTaskBriefly = (task: TaskRow) => ({
  id: task.id,
  type: task.type,
  status: task.status,
  owner: task.owner,
  ...(task.expires_at && { expires_at: viewTime(task.expires_at) }),
  created_at: viewTime(task.created_at),
  updated_at: viewTime(task.updated_at),
  image_id: task.image_id,
  request_id: task.request_id,
  user_id: task.user_id,
  self: `/v2/tasks/${task.id}`,
  schema: '/v2/schemas/task',
})

export const viewTask = (task: TaskRow) => ({
  ...viewTaskBriefly(task),
  input: task.input_json,
  result: task.result_json,
  message: task.message,
})

/** A task among those of its image: glance gives the record as it is, with times of another form. */
export const viewTaskOfImage = (task: TaskRow) => ({
  id: task.id,
  image_id: task.image_id,
  request_id: task.request_id,
  user_id: task.user_id,
  type: task.type,
  status: task.status,
  owner: task.owner,
  expires_at: task.expires_at && rawTime(task.expires_at),
  created_at: rawTime(task.created_at),
  updated_at: rawTime(task.updated_at),
  deleted_at: null,
  deleted: false,
  input: task.input_json,
  result: task.result_json,
  message: task.message,
})

const rawTime = (time: Date): string => `${time.toISOString().slice(0, 19)}.000000`

/** One page of a list; `next` is where the page after it is. */
export const viewTasks = (tasks: readonly TaskRow[], { first, next }: { first: string; next: string | undefined }) => ({
  tasks: tasks.map(viewTaskBriefly),
  first,
  schema: '/v2/schemas/tasks',
  ...(next && { next }),
})
