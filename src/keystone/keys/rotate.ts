import { transaction } from '../../kernel/sql/transaction.ts'
import { tokenLifeSeconds } from '../tokens/lifetime.ts'
import { fernetKeyBytes } from './fernet.ts'
import { loadKeys } from './ring.ts'
import {
  addKey,
  allKeys,
  forgetHolders,
  forgetKeys,
  instancesWithout,
  lostInstances,
  moveKey,
  outdatedKeys,
  primaryIsOlderThan,
  reportHolder,
} from './store.ts'
import type { Context, SqlContext } from '../../kernel/context.ts'

/** What became of a wish to rotate. */
export interface Rotation {
  readonly rotated: boolean
  /** Instances that must learn the staged key first. */
  readonly waitingFor: readonly string[]
}

/** An instance that has not reported for so long is not waited for. */
export const liveSeconds = 30
/** A key is primary for a day unless someone rotates before. */
const primarySeconds = 24 * 3600

/**
 * Makes the staged key the primary one and stages another, if every live instance holds the staged key: then no
 * instance ever meets a token that it can't read. Of several that rotate at once one does it.
 */
export async function rotateKeys(ctx: SqlContext): Promise<Rotation> {
  return transaction(ctx, 'keystone.keys.rotate', async (tx) => {
    const keys = await allKeys(tx)
    const staged = keys.find((key) => key.state === 'staged')
    const primary = keys.find((key) => key.state === 'primary')
    if (!staged || !primary) return { rotated: false, waitingFor: [] }
    const waitingFor = await instancesWithout(ctx, tx, { key: staged.number, seconds: liveSeconds })
    if (waitingFor.length > 0) return { rotated: false, waitingFor }
    if (!(await moveKey(ctx, tx, { number: staged.number, from: 'staged', to: 'primary' }))) return { rotated: false, waitingFor: [] }
    // Sealed by another secret than theirs, the next key would stop every instance.
    ctx.vault.open(staged.sealed_key)
    await moveKey(ctx, tx, { number: primary.number, from: 'primary', to: 'secondary' })
    await addKey(ctx, tx, { number: staged.number + 1, state: 'staged', key: ctx.ids.bytes(fernetKeyBytes) })
    return { rotated: true, waitingFor: [] }
  })
}

/**
 * What every instance does every few seconds: hold the newest keys, say so, rotate when it is time, forget what is too old.
 * An instance has the name of its controller, so that one that starts again is not waited for twice.
 */
export async function keepKeys(ctx: Context, controller: string): Promise<void> {
  const instance = instanceOf(controller)
  const { newest } = await loadKeys(ctx)
  await transaction(ctx, 'keystone.keys.report', (tx) => reportHolder(ctx, tx, { instance, newestKey: newest }))
  if (await primaryIsOlderThan(ctx, primarySeconds)) await rotateKeys(ctx)
  await forgetOld(ctx)
}

// Looked for first and removed by key: a removal by time would lock rows that other instances are about to write.
async function forgetOld(ctx: Context): Promise<void> {
  const keys = await outdatedKeys(ctx, { seconds: tokenLifeSeconds + 3600 })
  const instances = await lostInstances(ctx, { seconds: 10 * liveSeconds })
  if (keys.length + instances.length === 0) return
  await transaction(ctx, 'keystone.keys.forget', async (tx) => {
    await forgetKeys(tx, keys)
    await forgetHolders(tx, instances)
  })
}

/** An instance that ends is not waited for. */
export const leaveKeys = (ctx: Context, controller: string): Promise<void> =>
  transaction(ctx, 'keystone.keys.leave', (tx) => forgetHolders(tx, [instanceOf(controller)]))

/** The column's width: a name that is longer is told apart by its end. */
const longestName = 64
const instanceOf = (controller: string): string => controller.slice(-longestName)
