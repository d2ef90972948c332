import { isAdmin, type CloudContext } from '../../../cloud/context.ts'
import { notFound, overLimit } from '../../../kernel/errors.ts'
import type { Tx } from '../../../kernel/sql/tables.ts'
import { limitsOf } from '../../quotas/store.ts'
import { serverFor } from '../find.ts'
import { assertState, assertUnlocked, transitions } from '../states.ts'
import { changeSeenServer } from '../store.ts'

export type Items = Readonly<Record<string, string>>

/** Changes a server's metadata; `verb` is what nova calls it. Throws `conflict` when the server's state does not allow it, `overLimit` for too many items. */
export async function changeMetadata(
  ctx: CloudContext,
  tx: Tx,
  id: string,
  verb: 'create' | 'update' | 'delete',
  change: (now: Items) => Items,
): Promise<Items> {
  const server = await serverFor(ctx, tx, id)
  const metadata = change(server.metadata_json)
  assertUnlocked(server, isAdmin(ctx.subject))
  assertState(server, transitions.changeMetadata, `${verb === 'delete' ? 'delete' : 'update'} metadata`)
  const { metadata_items: limit } = await limitsOf(tx, server.project_id)
  if (verb !== 'delete' && limit >= 0 && Object.keys(metadata).length > limit)
    throw overLimit(`Maximum number of metadata items exceeds ${limit}`)
  await changeSeenServer(ctx, tx, server, { metadata })
  return metadata
}

/** One item by its key. Throws `notFound`. */
export function itemOf(items: Items, key: string): Items {
  if (!Object.hasOwn(items, key)) throw notFound('Metadata item was not found')
  return { [key]: items[key]! }
}
