import { conflict, notFound } from '../../../kernel/errors.ts'
import { assertWritable } from '../documents.ts'
import { touchNamespace } from '../namespaces/store.ts'
import { assertUnprotected, namespaceFor } from '../namespaces/visible.ts'
import { associationDocument, type AssociationDocument } from './schema.ts'
import { associationOf, deleteAssociation, insertAssociation, insertResourceType } from './store.ts'
import type { CloudContext } from '../../../cloud/context.ts'
import type { Tx } from '../../../kernel/sql/tables.ts'
import type { AssociationRow, NamespaceRow } from '../../tables.ts'

/** Says that a namespace is for a type of resources, which is known from now on. */
export async function addAssociation(ctx: CloudContext, tx: Tx, name: string, document: AssociationDocument): Promise<AssociationRow> {
  const namespace = await namespaceFor(ctx, tx, name, { rules: ['add_metadef_resource_type_association'] })
  await touchNamespace(tx, namespace)
  return associate(ctx, tx, namespace, document)
}

/** The same for a namespace that the caller has made or touched. Refuses a second time with `conflict`. */
export async function associate(
  ctx: CloudContext,
  tx: Tx,
  namespace: NamespaceRow,
  document: AssociationDocument,
): Promise<AssociationRow> {
  assertWritable(associationDocument, document)
  await insertResourceType(ctx, tx, document.name)
  if (!(await insertAssociation(ctx, tx, namespace.id, document))) {
    const pair = `resource-type=${document.name} to namespace=${namespace.namespace}`
    throw conflict(`The metadata definition resource-type association of ${pair} already exists.`)
  }
  return (await associationOf(tx, namespace.id, document.name))!
}

/** Says that a namespace is not for a type of resources any more. Refuses with `forbidden` when it is protected. */
export async function removeAssociation(
  ctx: CloudContext,
  tx: Tx,
  { namespace: name, resourceType }: { namespace: string; resourceType: string },
): Promise<void> {
  const namespace = await namespaceFor(ctx, tx, name, { rules: ['remove_metadef_resource_type_association'] })
  const association = await associationOf(tx, namespace.id, resourceType)
  if (!association) throw notFound(`Failed to find resource type ${resourceType} to delete`)
  assertUnprotected(namespace, `resource-type-association ${resourceType}`)
  await touchNamespace(tx, namespace)
  await deleteAssociation(tx, association)
}
