import { viewTime } from '../../images/view.ts'
import { given } from '../given.ts'
import type { PropertyAttributes } from '../properties/schema.ts'
import type { DefinitionRow } from '../../tables.ts'
import type { ObjectDocument } from './schema.ts'

export interface ViewedObject {
  readonly required: readonly string[]
  readonly properties: Readonly<Record<string, PropertyAttributes>>
}

export function viewObject(namespace: string, { name, content_json, created_at, updated_at }: DefinitionRow): ViewedObject {
  const { description, required = [], properties = {} } = content_json as Omit<ObjectDocument, 'name'>
  return {
    name,
    ...given({ description }),
    required,
    properties,
    created_at: viewTime(created_at),
    updated_at: viewTime(updated_at),
    self: `/v2/metadefs/namespaces/${namespace}/objects/${name}`,
    schema: '/v2/schemas/metadefs/object',
  } as ViewedObject
}

/** An object with the names of its properties as they are on resources of a type. */
export const prefixed = <O extends ViewedObject>(prefix: string, object: O): O => ({
  ...object,
  required: object.required.map((name) => prefix + name),
  properties: Object.fromEntries(Object.entries(object.properties).map(([name, property]) => [prefix + name, property])),
})

// Without a slash at its beginning, as glance has it (glance/api/v2/metadef_objects.py@0bdc50b).
export const viewObjects = (namespace: string, rows: readonly DefinitionRow[]) => ({
  objects: rows.map((row) => viewObject(namespace, row)),
  schema: 'v2/schemas/metadefs/objects',
})
