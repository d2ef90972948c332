import { persistently } from '../../kernel/sql/transaction.ts'
import { liveSeconds } from './rotate.ts'
import { allHolders, allKeys, keyMoments } from './store.ts'
import type { SqlContext } from '../../kernel/context.ts'

/** An instance as far as keys go. */
export interface KeyHolder {
  readonly name: string
  readonly newestKey: number
  readonly silentSeconds: number
  /** Whether a rotation waits for it until it holds the staged key; one that was silent for too long is not waited for. */
  readonly counts: boolean
}

/** The keys of a cloud by their numbers, and who holds them. Nothing in it is secret. */
export interface KeysStatus {
  readonly primary: number
  readonly primarySince: Date
  readonly staged: number
  /** Keys whose tokens may still be about. */
  readonly older: readonly number[]
  readonly instances: readonly KeyHolder[]
  /** Instances that keep the staged key from being the primary one. */
  readonly waitingFor: readonly string[]
}

/** How the keys are; undefined while a cloud has none yet. */
export async function keysStatus(ctx: SqlContext): Promise<KeysStatus | undefined> {
  return persistently(ctx, 'keystone.keys.status', async () => {
    const keys = await keyMoments(ctx.db)
    const primary = keys.find(({ state }) => state === 'primary')
    const staged = keys.find(({ state }) => state === 'staged')
    if (!primary || !staged) return undefined
    const holders = await allHolders(ctx, ctx.db)
    const instances = holders.map(({ instance, newestKey, silentSeconds }): KeyHolder => {
      return { name: instance, newestKey, silentSeconds, counts: silentSeconds < liveSeconds }
    })
    return {
      ...{ primary: primary.number, primarySince: primary.changed_at, staged: staged.number, instances },
      older: keys.filter(({ state }) => state === 'secondary').map(({ number }) => number),
      waitingFor: instances.filter(({ counts, newestKey }) => counts && newestKey < staged.number).map(({ name }) => name),
    }
  })
}

/** Whether the keys were sealed by the secret that is at hand; so for a cloud that has none yet. */
export async function secretFits(ctx: SqlContext): Promise<boolean> {
  const [newest] = await persistently(ctx, 'keystone.keys.secret', () => allKeys(ctx.db))
  try {
    return newest === undefined || ctx.vault.open(newest.sealed_key).length > 0
  } catch {
    return false
  }
}
