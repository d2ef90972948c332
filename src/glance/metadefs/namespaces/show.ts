import { objectKind, propertyKind, tagKind } from '../definitions/kinds.ts'
import { definitionsIn } from '../definitions/store.ts'
import { associationsOf } from '../resource-types/store.ts'
import { namespaceFor, wasNotFound } from './visible.ts'
import type { CloudContext } from '../../../cloud/context.ts'
import type { Db } from '../../../kernel/sql/tables.ts'
import type { AssociationRow, DefinitionRow, NamespaceRow } from '../../tables.ts'

/** A namespace with all that is in it. */
export interface FullNamespace {
  readonly namespace: NamespaceRow
  readonly associations: readonly AssociationRow[]
  readonly objects: readonly DefinitionRow[]
  readonly properties: readonly DefinitionRow[]
  readonly tags: readonly DefinitionRow[]
}

const rules = ['list_metadef_resource_types', objectKind.rules.list, propertyKind.rules.list, tagKind.rules.list]

export async function showNamespace(ctx: CloudContext, db: Db, name: string): Promise<FullNamespace> {
  const namespace = await namespaceFor(ctx, db, name, { rules, missing: wasNotFound })
  const associations = await associationsOf(db, [namespace.id])
  const ofKind = Map.groupBy(await definitionsIn(db, namespace.id), (row) => row.kind)
  return {
    namespace,
    associations,
    objects: ofKind.get('object') ?? [],
    properties: ofKind.get('property') ?? [],
    tags: ofKind.get('tag') ?? [],
  }
}
