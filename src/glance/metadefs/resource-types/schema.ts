import { checkedBy, moment } from '../documents.ts'

const text = (description: string) => ({ type: 'string', description, maxLength: 80 })

/** What an association is made of: the document that clients may read, and what their requests are checked by. */
export const associationDocument = {
  name: 'resource_type_association',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: text('The type of resources; named as Heat names it, where Heat has it.'),
    prefix: text("What the names of the namespace's properties begin with on resources of this type, its separator included."),
    properties_target: text('Which of its key-value pairs are meant, where a resource has several kinds of them.'),
    created_at: moment('Date and time of resource type association'),
    updated_at: moment('Date and time of the last resource type association modification'),
  },
}

/** What a request says of the types of resources that a namespace is for. */
export interface AssociationDocument {
  readonly name: string
  readonly prefix?: string
  readonly properties_target?: string
}

export const AssociationBody = checkedBy<AssociationDocument>(associationDocument)
