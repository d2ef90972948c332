import { checkedBy, definitions, link, moment } from '../documents.ts'
import type { PropertyAttributes } from '../properties/schema.ts'

/** What an object is made of: the document that clients may read, and what their requests are checked by. */
export const objectDocument = {
  name: 'object',
  required: ['name'],
  additionalProperties: false,
  definitions,
  properties: {
    name: { type: 'string', maxLength: 255 },
    description: { type: 'string' },
    required: { $ref: '#/definitions/stringArray' },
    properties: { $ref: '#/definitions/property' },
    schema: link,
    self: link,
    created_at: moment('Date and time of object creation'),
    updated_at: moment('Date and time of the last object modification'),
  },
}

export interface ObjectDocument {
  readonly name: string
  readonly description?: string
  /** The names of properties that go without saying nothing. */
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, PropertyAttributes>>
}

export const ObjectBody = checkedBy<ObjectDocument>(objectDocument)
