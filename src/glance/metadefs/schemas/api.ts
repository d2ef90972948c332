import { route } from '../../../cloud/service.ts'
import { ok } from '../../../kernel/http/answer.ts'
import { asArray, listDocument } from '../documents.ts'
import { namespaceDocument } from '../namespaces/schema.ts'
import { objectDocument } from '../objects/schema.ts'
import { namedPropertyDocument, propertyDocument } from '../properties/schema.ts'
import { associationDocument } from '../resource-types/schema.ts'
import { tagDocument } from '../tags/schema.ts'

/** The documents under /v2/schemas/metadefs, by their last segment. */
const documents = {
  namespace: namespaceDocument,
  namespaces: listDocument('namespaces', namespaceDocument, asArray),
  object: objectDocument,
  objects: listDocument('objects', objectDocument, asArray),
  property: propertyDocument,
  properties: listDocument('properties', namedPropertyDocument, (item) => ({ type: 'object', additionalProperties: item })),
  resource_type: associationDocument,
  resource_types: listDocument('resource_type_associations', associationDocument, asArray),
  tag: tagDocument,
  tags: listDocument('tags', tagDocument, asArray),
}

export const metadefSchemaRoutes = Object.entries(documents).map(([name, document]) =>
  route(`GET /v2/schemas/metadefs/${name}`, { rule: 'get_metadef_namespaces', run: () => ok(document) }),
)
