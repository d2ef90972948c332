import { Type } from 'typebox'
import { text, uuid } from '../schemas/image.ts'
import type { TaskType } from '../tables.ts'

// What a task is made of: the document that clients may read, and what their requests are checked by.
const properties = {
  id: text('An identifier for the task', { pattern: uuid }),
  type: text('The type of task represented by this content', { enum: ['import', 'api_image_import'] }),
  status: text('The current status of this task', { enum: ['pending', 'processing', 'success', 'failure'] }),
  input: { description: 'The parameters required by task, JSON blob', type: ['null', 'object'] },
  result: { description: 'The result of current task, JSON blob', type: ['null', 'object'] },
  owner: text('An identifier for the owner of this task'),
  message: text('Human-readable informative message only included when appropriate (usually on failure)'),
  image_id: text('Image associated with the task'),
  request_id: text('Human-readable informative request-id'),
  user_id: text('User associated with the task'),
  expires_at: { description: 'Datetime when this resource would be subject to removal', type: ['null', 'string'] },
  created_at: text('Datetime when this resource was created'),
  updated_at: text('Datetime when this resource was updated'),
  self: { readOnly: true, type: 'string' },
  schema: { readOnly: true, type: 'string' },
}

const { input: _input, result: _result, message: _message, ...brief } = properties

export const taskSchema = { name: 'task', properties }

/** A list shows its tasks without what they were given and what became of them. */
export const taskInListSchema = { name: 'task', properties: brief }

/** What a request for a task says; all else that the schema names is the service's to say. */
export const TaskBody = Type.Unsafe<{ type: TaskType; input: Record<string, unknown> | null }>({
  type: 'object',
  properties,
  required: ['type', 'input'],
})
