import { isAdmin, type CloudContext } from '../../../cloud/context.ts'
import { invalid, notFound } from '../../../kernel/errors.ts'
import type { Tx } from '../../../kernel/sql/tables.ts'
import { serverFor } from '../find.ts'
import { assertState, assertUnlocked, transitions } from '../states.ts'
import { changeSeenServer } from '../store.ts'
import { tagsOf } from '../view.ts'
import type { ServerRow } from '../tables.ts'

const maxTags = 50

async function change(
  ctx: CloudContext,
  tx: Tx,
  id: string,
  next: (server: ServerRow, now: readonly string[]) => readonly string[],
): Promise<string[]> {
  const server = await serverFor(ctx, tx, id)
  assertUnlocked(server, isAdmin(ctx.subject))
  assertState(server, transitions.changeMetadata, 'update tags')
  const before = tagsOf(server)
  const tags = [...new Set(next(server, before))]
  if (tags.length > maxTags) throw invalid(`The number of tags exceeded the per-server limit ${maxTags}`)
  await changeSeenServer(ctx, tx, server, { tags: tags.length > 0 ? `,${tags.join(',')},` : '' })
  return tags
}

/** Gives a server these tags and no others. */
export const replaceTags = (ctx: CloudContext, tx: Tx, id: string, tags: readonly string[]): Promise<string[]> =>
  change(ctx, tx, id, () => tags)

/** Adds a tag; false: the server had it. Throws `invalid` for one that can't be. */
export async function addTag(ctx: CloudContext, tx: Tx, id: string, tag: string): Promise<boolean> {
  if (tag.length > 60) throw invalid(`Tag '${tag.slice(0, 80)}' is too long. Maximum length of a tag is 60`)
  if (!/^[^,/]+$/.test(tag)) throw invalid(`Tag '${tag}' is invalid. It must be a non empty string without characters '/' and ','.`)
  let isNew = false
  await change(ctx, tx, id, (_, now) => {
    isNew = !now.includes(tag)
    return isNew ? [...now, tag] : now
  })
  return isNew
}

/** Takes a tag away. Throws `notFound` when the server has no such tag. */
export async function removeTag(ctx: CloudContext, tx: Tx, id: string, tag: string): Promise<void> {
  await change(ctx, tx, id, (server, now) => {
    assertHasTag(server, tag)
    return now.filter((one) => one !== tag)
  })
}

/** Throws `notFound` when the server has no such tag. */
export function assertHasTag(server: ServerRow, tag: string): void {
  if (!tagsOf(server).includes(tag)) throw notFound(`Server ${server.id} has no tag '${tag}'`)
}
