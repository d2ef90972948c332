import { namedFiles } from './images/store.ts'
import type { Context } from '../kernel/context.ts'
import type { ImageStore } from './image-store/image-store.ts'

/** How long a file that no image names is left alone: an upload may still be about to name it. */
const orphanMs = 24 * 3600 * 1000
const batch = 200

/** Removes what uploads and deletions of died instances left in the store. Returns how many files. */
export async function forgetOrphanFiles(ctx: Context, store: ImageStore): Promise<number> {
  const old = await store.olderThan(new Date(ctx.clock.now().getTime() - orphanMs))
  let removed = 0
  for (let at = 0; at < old.length; at += batch) {
    const names = old.slice(at, at + batch)
    const named = await namedFiles(ctx.db, names)
    for (const name of names.filter((candidate) => !named.has(candidate))) {
      await store.remove(name)
      removed++
    }
  }
  return removed
}
