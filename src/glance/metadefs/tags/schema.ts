import { checkedBy, moment } from '../documents.ts'

const name = { type: 'string', maxLength: 255 }

/** What a tag is made of: the document that clients may read, and what their requests are checked by. */
export const tagDocument = {
  name: 'tag',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name,
    created_at: moment('Date and time of tag creation'),
    updated_at: moment('Date and time of the last tag modification'),
  },
}

export interface TagDocument {
  readonly name: string
}

export const TagBody = checkedBy<TagDocument>(tagDocument)

/** Several tags at once. */
export const TagsBody = checkedBy<{ readonly tags?: readonly TagDocument[] }>({
  additionalProperties: false,
  properties: {
    tags: { type: 'array', items: { type: 'object', required: ['name'], additionalProperties: false, properties: { name } } },
    created_at: {},
    updated_at: {},
  },
})
