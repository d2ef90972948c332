import { viewTime } from '../../images/view.ts'
import { given } from '../given.ts'
import { prefixed, viewObject } from '../objects/view.ts'
import { viewProperties } from '../properties/view.ts'
import { viewAssociation } from '../resource-types/view.ts'
import type { NamespaceRow } from '../../tables.ts'
import type { ListedNamespace } from './list.ts'
import type { NamespaceDocument } from './schema.ts'
import type { FullNamespace } from './show.ts'

export const namespacesPath = '/v2/metadefs/namespaces'

export const viewNamespace = (row: NamespaceRow) =>
  given({
    namespace: row.namespace,
    display_name: row.display_name,
    description: row.description,
    visibility: row.visibility,
    protected: row.protected,
    owner: row.owner,
    created_at: viewTime(row.created_at),
    updated_at: viewTime(row.updated_at),
    self: `${namespacesPath}/${row.namespace}`,
    schema: '/v2/schemas/metadefs/namespace',
  })

/** A new namespace: with what the request put into it, as it was said. */
export const viewNewNamespace = (row: NamespaceRow, { resource_type_associations, objects, properties, tags }: NamespaceDocument) => ({
  ...viewNamespace(row),
  ...given({ resource_type_associations, objects, properties, tags }),
})

/** A namespace with all that is in it; `resourceType` asks for the properties' names as they are on resources of that type. */
export function viewFullNamespace({ namespace, associations, objects, properties, tags }: FullNamespace, resourceType: string | null) {
  const prefix = associations.find((association) => association.resource_type === resourceType)?.prefix ?? ''
  const shownObjects = objects.map((object) => prefixed(prefix, viewObject(namespace.namespace, object)))
  return {
    ...viewNamespace(namespace),
    ...(objects.length > 0 && { objects: shownObjects }),
    ...(associations.length > 0 && { resource_type_associations: associations.map(viewAssociation) }),
    ...(properties.length > 0 && { properties: viewProperties(properties, prefix) }),
    ...(tags.length > 0 && { tags: tags.map(({ name }) => ({ name })) }),
  }
}

/** One page of a list; `next` is where the page after it is. */
export const viewNamespaces = (
  namespaces: readonly ListedNamespace[],
  { first, next }: { first: string; next: string | undefined },
): Record<string, unknown> => ({
  namespaces: namespaces.map(({ namespace, associations }) => ({
    ...viewNamespace(namespace),
    ...(associations.length > 0 && { resource_type_associations: associations.map(viewAssociation) }),
  })),
  first,
  schema: '/v2/schemas/metadefs/namespaces',
  ...(next && { next }),
})
