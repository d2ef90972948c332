import { isAdmin, projectOf, type CloudContext } from '../../../cloud/context.ts'
import { enforce } from '../../../cloud/policy.ts'
import { conflict, forbidden } from '../../../kernel/errors.ts'
import { assertValid } from '../../../kernel/http/schema.ts'
import { forbiddenWording } from '../../images/visible.ts'
import { insertNew } from '../definitions/definitions.ts'
import { objectKind, propertyKind, tagKind } from '../definitions/kinds.ts'
import { assertWritable } from '../documents.ts'
import { objectOf } from '../objects/object.ts'
import { ObjectBody } from '../objects/schema.ts'
import { propertyOf } from '../properties/property.ts'
import { PropertyValue } from '../properties/schema.ts'
import { associate } from '../resource-types/associate.ts'
import { AssociationBody } from '../resource-types/schema.ts'
import { TagBody } from '../tags/schema.ts'
import { tagOf } from '../tags/tags.ts'
import { namespaceDocument, type NamespaceDocument } from './schema.ts'
import { insertNamespace, namespaceByName, type NamespaceChoices } from './store.ts'
import type { Tx } from '../../../kernel/sql/tables.ts'
import type { NamespaceRow } from '../../tables.ts'

/** Makes a namespace with all that the document puts into it. Refuses a name that is taken with `conflict`. */
export async function createNamespace(ctx: CloudContext, tx: Tx, document: NamespaceDocument): Promise<NamespaceRow> {
  assertWritable(namespaceDocument, document)
  const { namespace: name, resource_type_associations: associations = [], objects = [], tags = [], properties = {} } = document
  const enforceFor = (parts: object, rule: string) => {
    if (Object.keys(parts).length > 0) enforce(ctx, rule, undefined, forbiddenWording)
  }
  enforceFor(associations, 'add_metadef_resource_type_association')
  enforceFor(objects, objectKind.rules.add)
  enforceFor(properties, propertyKind.rules.add)
  enforceFor(tags, tagKind.rules.add)
  for (const association of associations) assertValid(AssociationBody, 'body', association)
  for (const object of objects) assertValid(ObjectBody, 'body', object)
  for (const tag of tags) assertValid(TagBody, 'body', tag)
  for (const property of Object.values(properties)) assertValid(PropertyValue, 'body', property)

  const described = Object.entries(properties).map(([property, said]) => propertyOf({ ...said, name: property }))
  const choices = choicesOf(ctx, document)
  if (choices.owner !== (projectOf(ctx) || null) && !isAdmin(ctx.subject))
    throw forbidden(`You are not permitted to create namespace owned by '${choices.owner}'`)
  if (!(await insertNamespace(ctx, tx, ctx.ids.uuid(), choices)))
    throw conflict(`The metadata definition namespace=${name} already exists.`)
  const namespace = (await namespaceByName(tx, name))!
  for (const association of associations) await associate(ctx, tx, namespace, association)
  await insertNew(ctx, tx, objectKind, namespace, objects.map(objectOf))
  await insertNew(ctx, tx, tagKind, namespace, tags.map(tagOf))
  await insertNew(ctx, tx, propertyKind, namespace, described)
  return namespace
}

/** What a document chooses of a namespace; what it leaves out is as glance has it by default. */
export const choicesOf = (ctx: CloudContext, document: NamespaceDocument): NamespaceChoices => ({
  namespace: document.namespace,
  display_name: document.display_name ?? null,
  description: document.description ?? null,
  visibility: document.visibility ?? 'private',
  protected: document.protected ?? false,
  owner: document.owner || projectOf(ctx) || null,
})
