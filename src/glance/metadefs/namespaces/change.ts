import { conflict } from '../../../kernel/errors.ts'
import { assertWritable } from '../documents.ts'
import { choicesOf } from './create.ts'
import { namespaceDocument, type NamespaceDocument } from './schema.ts'
import { deleteNamespaceRow, namespaceByName, saveNamespace } from './store.ts'
import { assertUnprotected, namespaceFor } from './visible.ts'
import type { CloudContext } from '../../../cloud/context.ts'
import type { Tx } from '../../../kernel/sql/tables.ts'
import type { NamespaceRow } from '../../tables.ts'

/** Replaces what is said of a namespace; what is in it stays. Refuses a name that is taken with `conflict`. */
export async function changeNamespace(ctx: CloudContext, tx: Tx, name: string, document: NamespaceDocument): Promise<NamespaceRow> {
  assertWritable(namespaceDocument, document)
  const before = await namespaceFor(ctx, tx, name, { rules: ['modify_metadef_namespace'] })
  if (!(await saveNamespace(ctx, tx, before, choicesOf(ctx, document)))) {
    const clash = `duplicate metadata definition namespace with the same name of ${document.namespace}`
    throw conflict(`Invalid update. It would result in a ${clash}`)
  }
  return (await namespaceByName(tx, document.namespace))!
}

/** Deletes a namespace and all that is in it. Refuses a protected one with `forbidden`. */
export async function deleteNamespace(ctx: CloudContext, tx: Tx, name: string): Promise<void> {
  const namespace = await namespaceFor(ctx, tx, name, { rules: ['delete_metadef_namespace'] })
  assertUnprotected(namespace)
  await deleteNamespaceRow(tx, namespace)
}
