import { assertValid } from '../../../kernel/http/schema.ts'
import { assertWritable } from '../documents.ts'
import { PropertyValue } from '../properties/schema.ts'
import { objectDocument, type ObjectDocument } from './schema.ts'
import type { Definition } from '../definitions/store.ts'

/** What a request says of an object, as it is kept. Refuses what only the service says, and properties that are none. */
export function objectOf(document: ObjectDocument): Definition {
  assertWritable(objectDocument, document)
  const { name, ...content } = document
  for (const property of Object.values(content.properties ?? {})) assertValid(PropertyValue, 'body', property)
  return { name, content }
}
