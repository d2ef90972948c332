import { conflict, notFound, overLimit } from '../../../kernel/errors.ts'
import { touchNamespace } from '../namespaces/store.ts'
import { assertUnprotected, namespaceFor } from '../namespaces/visible.ts'
import { readPage } from '../page.ts'
import {
  countAt,
  definitionNamed,
  definitionPage,
  deleteDefinition,
  deleteDefinitionsAt,
  insertDefinition,
  replaceDefinition,
  type Definition,
} from './store.ts'
import type { CloudContext } from '../../../cloud/context.ts'
import type { Db, Tx } from '../../../kernel/sql/tables.ts'
import type { DefinitionRow, NamespaceRow } from '../../tables.ts'
import type { Kind } from './kinds.ts'

/** Of each kind in a namespace, so that one answer can hold them all. */
const maxDefinitions = 1000

interface Named {
  readonly namespace: string
  readonly name: string
}

/** A definition with the namespace that it is in. */
export interface Found {
  readonly namespace: NamespaceRow
  readonly row: DefinitionRow
}

/** The namespace, for one who may do this with definitions of the kind in it. */
export const namespaceOf = (ctx: CloudContext, db: Db, { noNamespace }: Kind, name: string, rules: readonly string[]) =>
  namespaceFor(ctx, db, name, { rules, ...(noNamespace && { missing: noNamespace }) })

const placeOf = (namespace: NamespaceRow, kind: Kind) => ({ namespaceId: namespace.id, kind: kind.name })

/** One page of a namespace's definitions: all of them, unless the query asks for less. */
export async function listDefinitions(ctx: CloudContext, db: Db, kind: Kind, name: string): Promise<DefinitionRow[]> {
  const namespace = await namespaceOf(ctx, db, kind, name, [kind.rules.list])
  const sortKeys = ['name', 'created_at', 'updated_at', 'id']
  const page = readPage(ctx.request.search, { sortKeys, defaultLimit: maxDefinitions, leastLimit: 1 })
  const marked = page.marker === undefined ? undefined : await definitionIn(db, kind, namespace, page.marker)
  return (await definitionPage(db, placeOf(namespace, kind), page, marked?.id)).slice(0, page.limit)
}

export async function showDefinition(ctx: CloudContext, db: Db, kind: Kind, { namespace, name }: Named): Promise<Found> {
  const found = await namespaceOf(ctx, db, kind, namespace, [kind.rules.show])
  return { namespace: found, row: await definitionIn(db, kind, found, name) }
}

export async function definitionIn(db: Db, kind: Kind, namespace: NamespaceRow, name: string): Promise<DefinitionRow> {
  const row = await definitionNamed(db, placeOf(namespace, kind), name)
  if (!row) throw notFound(kind.notFound(name, namespace.namespace))
  return row
}

/** Adds one definition. Refuses a name that is taken with `conflict`. */
export async function addDefinition(
  ctx: CloudContext,
  tx: Tx,
  kind: Kind,
  { namespace: name, definition }: { namespace: string; definition: Definition },
): Promise<Found> {
  const namespace = await namespaceOf(ctx, tx, kind, name, [kind.rules.add])
  await touchNamespace(tx, namespace)
  await insertNew(ctx, tx, kind, namespace, [definition])
  return { namespace, row: await definitionIn(tx, kind, namespace, definition.name) }
}

/** Adds definitions to a namespace that the caller has made or touched. Refuses a name that is taken, and too many of them. */
export async function insertNew(
  ctx: CloudContext,
  tx: Tx,
  kind: Kind,
  namespace: NamespaceRow,
  definitions: readonly Definition[],
): Promise<void> {
  const place = placeOf(namespace, kind)
  for (const definition of definitions) {
    if (!(await insertDefinition(ctx, tx, place, definition))) throw conflict(kind.taken(definition.name, namespace.namespace))
  }
  const count = definitions.length > 0 ? await countAt(tx, place) : 0
  if (count > maxDefinitions) throw overLimit(`A namespace can't hold more than ${maxDefinitions} of one kind. Attempted: ${count}`)
}

/** Replaces a definition, its name included. Refuses a name that another one has with `conflict`. */
export async function changeDefinition(
  ctx: CloudContext,
  tx: Tx,
  kind: Kind,
  { namespace: name, name: oldName, definition }: Named & { definition: Definition },
): Promise<Found> {
  const namespace = await namespaceOf(ctx, tx, kind, name, [kind.rules.change])
  const { id } = await definitionIn(tx, kind, namespace, oldName)
  await touchNamespace(tx, namespace)
  if (!(await replaceDefinition(ctx, tx, id, definition))) throw conflict(kind.takenByChange(definition.name, namespace.namespace))
  return { namespace, row: await definitionIn(tx, kind, namespace, definition.name) }
}

/** Deletes a definition. Refuses with `forbidden` in a protected namespace. */
export async function removeDefinition(ctx: CloudContext, tx: Tx, kind: Kind, { namespace: name, name: gone }: Named): Promise<void> {
  const namespace = await namespaceOf(ctx, tx, kind, name, [kind.rules.remove])
  const { id } = await definitionIn(tx, kind, namespace, gone)
  assertUnprotected(namespace, `${kind.name} ${gone}`)
  await touchNamespace(tx, namespace)
  await deleteDefinition(tx, id)
}

/** Deletes all definitions of the kind. Refuses with `forbidden` in a protected namespace. */
export async function clearDefinitions(ctx: CloudContext, tx: Tx, kind: Kind, name: string): Promise<void> {
  const namespace = await namespaceFor(ctx, tx, name, { rules: kind.rules.clear })
  assertUnprotected(namespace)
  await touchNamespace(tx, namespace)
  await deleteDefinitionsAt(tx, placeOf(namespace, kind))
}
