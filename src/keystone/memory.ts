import { openCache, type Cache } from './cache.ts'
import type { Context } from '../kernel/context.ts'
import type { Db, Tx } from '../kernel/sql/tables.ts'
import { afterCommit } from '../kernel/sql/transaction.ts'
import type { CatalogTemplate } from './catalog/render.ts'
import type { HeldKeys } from './keys/ring.ts'
import type { TokenState } from './tokens/state.ts'

/** What one instance keeps in memory: bounded, never older than half a second, and right when cold. */
export interface Memory {
  keys: HeldKeys | undefined
  loadingKeys: Promise<HeldKeys> | undefined
  readonly tokens: Cache<TokenState | undefined>
  readonly catalog: Cache<CatalogTemplate>
}

/** How long an answer about a token or the catalog is kept. */
const lifeMs = 500

const memories = new WeakMap<Db, Memory>()

/** The memory of this instance: of the process's pool, that is. */
export function memoryOf(ctx: Context): Memory {
  let memory = memories.get(ctx.db)
  if (!memory) {
    memory = {
      keys: undefined,
      loadingKeys: undefined,
      tokens: openCache({ lifeMs, maxEntries: 10_000 }),
      catalog: openCache({ lifeMs, maxEntries: 1 }),
    }
    memories.set(ctx.db, memory)
  }
  return memory
}

/** The bell that tells other instances to forget what they know of tokens and the catalog. */
export const changesBell = 'keystone-changes'

export function forget(ctx: Context): void {
  const memory = memoryOf(ctx)
  memory.tokens.clear()
  memory.catalog.clear()
}

/**
 * To be called by every change of what tokens or the catalog say. This instance forgets on commit, the others when they
 * hear the bell; one that does not hear it is right again after `lifeMs`.
 */
export function changed(ctx: Context, tx: Tx): void {
  afterCommit(tx, () => {
    forget(ctx)
    ctx.messaging.ring(changesBell)
  })
}
