import { checkedBy, propertyAttributes, propertyDefinitions } from '../documents.ts'

/** What a property is made of: the document that clients may read, and what their requests are checked by. */
export const propertyDocument = {
  name: 'property',
  required: ['type', 'title', 'name'],
  additionalProperties: false,
  definitions: propertyDefinitions,
  properties: propertyAttributes,
}

/** A property in a list of them, where the name stands before it. */
export const namedPropertyDocument = { ...propertyDocument, required: ['type', 'title'] }

/** What is said of a property; it is kept and shown as it was said. */
export interface PropertyAttributes {
  readonly name?: string
  readonly type: string
  readonly title: string
  readonly [attribute: string]: unknown
}

// These two are refused in words of their own; see `propertyOf`.
const withMoments = { ...propertyDocument, properties: { ...propertyAttributes, created_at: {}, updated_at: {} } }

export const PropertyBody = checkedBy<PropertyAttributes & { name: string }>(withMoments)
export const PropertyValue = checkedBy<PropertyAttributes>(namedPropertyDocument)
