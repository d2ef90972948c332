import type { Context } from '../../kernel/context.ts'
import type { ImageStore } from './image-store.ts'

/** Removes a file that no image names any more, in its own time. Should that fail, upkeep does it later. */
export function forget(ctx: Context, store: ImageStore, file: string): void {
  store.remove(file).catch((error: Error) => ctx.log.warn({ file, reason: error.message }, 'a file is left to upkeep'))
}
