import { taskInListSchema, taskSchema } from '../tasks/schema.ts'
import { imageSchema, text, uuid } from './image.ts'

const memberSchema = {
  name: 'member',
  properties: {
    member_id: text('An identifier for the image member (tenantId)'),
    image_id: text('An identifier for the image', { pattern: uuid }),
    created_at: text('Date and time of image member creation'),
    updated_at: text('Date and time of last modification of image member'),
    status: text('The status of this image member', { enum: ['pending', 'accepted', 'rejected'] }),
    schema: { readOnly: true, type: 'string' },
  },
}

const nextLinks = [
  { rel: 'first', href: '{first}' },
  { rel: 'next', href: '{next}' },
  { rel: 'describedby', href: '{schema}' },
]
const linkProperties = { first: { type: 'string' }, next: { type: 'string' }, schema: { type: 'string' } }

/** The documents under /v2/schemas, by their last segment. */
export const schemaDocuments = {
  image: imageSchema,
  images: { name: 'images', properties: { images: { type: 'array', items: imageSchema }, ...linkProperties }, links: nextLinks },
  member: memberSchema,
  members: {
    name: 'members',
    properties: { members: { type: 'array', items: memberSchema }, schema: { type: 'string' } },
    links: nextLinks.slice(2),
  },
  task: taskSchema,
  tasks: {
    name: 'tasks',
    properties: { tasks: { type: 'array', items: taskInListSchema }, schema: { type: 'string' } },
    links: nextLinks.slice(2),
  },
}
