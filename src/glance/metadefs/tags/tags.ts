import { insertNew } from '../definitions/definitions.ts'
import { tagKind } from '../definitions/kinds.ts'
import { deleteDefinitionsAt } from '../definitions/store.ts'
import { assertWritable } from '../documents.ts'
import { touchNamespace } from '../namespaces/store.ts'
import { namespaceFor } from '../namespaces/visible.ts'
import { tagDocument, type TagDocument } from './schema.ts'
import type { CloudContext } from '../../../cloud/context.ts'
import type { Tx } from '../../../kernel/sql/tables.ts'
import type { Definition } from '../definitions/store.ts'

/** What a request says of a tag, as it is kept: a name is all. */
export function tagOf(document: TagDocument): Definition {
  assertWritable(tagDocument, document)
  return { name: document.name, content: {} }
}

interface Tags {
  readonly namespace: string
  readonly tags: readonly TagDocument[]
  /** Keeps the tags that are there; else they are replaced. No tags replace nothing. */
  readonly append: boolean
}

/** Gives a namespace several tags at once. Refuses a name that is taken, or said twice, with `conflict`. */
export async function setTags(ctx: CloudContext, tx: Tx, { namespace: name, tags, append }: Tags): Promise<void> {
  const namespace = await namespaceFor(ctx, tx, name, { rules: ['add_metadef_tags'] })
  if (tags.length === 0) return
  await touchNamespace(tx, namespace)
  if (!append) await deleteDefinitionsAt(tx, { namespaceId: namespace.id, kind: 'tag' })
  await insertNew(ctx, tx, tagKind, namespace, tags.map(tagOf))
}
