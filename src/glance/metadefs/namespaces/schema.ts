import { checkedBy, definitions, link, moment } from '../documents.ts'
import type { AssociationDocument } from '../resource-types/schema.ts'
import type { ObjectDocument } from '../objects/schema.ts'
import type { PropertyAttributes } from '../properties/schema.ts'
import type { TagDocument } from '../tags/schema.ts'

const plain = { type: 'string' }
const listOf = (properties: object) => ({ type: 'array', items: { type: 'object', properties } })

/** What a namespace is made of: the document that clients may read, and what their requests are checked by. */
export const namespaceDocument = {
  name: 'namespace',
  required: ['namespace'],
  additionalProperties: false,
  definitions,
  properties: {
    namespace: { type: 'string', description: 'The unique namespace text.', maxLength: 80 },
    display_name: { type: 'string', description: 'The user friendly name for the namespace. Used by UI if available.', maxLength: 80 },
    description: { type: 'string', description: 'Provides a user friendly description of the namespace.', maxLength: 500 },
    visibility: { type: 'string', description: 'Scope of namespace accessibility.', enum: ['public', 'private'] },
    protected: { type: 'boolean', description: 'If true, namespace will not be deletable.' },
    owner: { type: 'string', description: 'Owner of the namespace.', maxLength: 255 },
    created_at: moment('Date and time of namespace creation'),
    updated_at: moment('Date and time of the last namespace modification'),
    schema: link,
    self: link,
    resource_type_associations: listOf({ name: plain, prefix: plain, properties_target: plain }),
    properties: { $ref: '#/definitions/property' },
    objects: listOf({
      name: plain,
      description: plain,
      required: { $ref: '#/definitions/stringArray' },
      properties: { $ref: '#/definitions/property' },
    }),
    tags: listOf({ name: plain }),
  },
}

/** What a request says of a namespace. Only a new one brings what is in it. */
export interface NamespaceDocument {
  readonly namespace: string
  readonly display_name?: string
  readonly description?: string
  readonly visibility?: 'public' | 'private'
  readonly protected?: boolean
  readonly owner?: string
  readonly resource_type_associations?: readonly AssociationDocument[]
  readonly properties?: Readonly<Record<string, PropertyAttributes>>
  readonly objects?: readonly ObjectDocument[]
  readonly tags?: readonly TagDocument[]
}

export const NamespaceBody = checkedBy<NamespaceDocument>(namespaceDocument)
