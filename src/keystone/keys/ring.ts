import { transaction } from '../../kernel/sql/transaction.ts'
import { memoryOf } from '../memory.ts'
import { fernetBytes, fernetKeyBytes, openFernet, sealFernet, type Opened } from './fernet.ts'
import { addKey, allKeys } from './store.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'

/** The keys as this instance knows them. */
export interface HeldKeys {
  readonly loadedAtMs: number
  readonly newest: number
  readonly primary: Buffer
  /** Every key that may have sealed a token, the primary first. */
  readonly readable: readonly Buffer[]
}

/** How old the keys in memory may be before they are read again. */
const keysLifeMs = 5000
/** A token that no key opens makes an instance look for new keys, but not more often than this. */
const lookAgainMs = 100

/** Reads the keys from the database, and makes the first ones if there are none. Callers at the same time share one look. */
export function loadKeys(ctx: Context): Promise<HeldKeys> {
  const memory = memoryOf(ctx)
  memory.loadingKeys ??= readKeys(ctx).finally(() => (memory.loadingKeys = undefined))
  return memory.loadingKeys
}

async function readKeys(ctx: Context): Promise<HeldKeys> {
  const loadedAtMs = ctx.clock.monotonicMs()
  let records = await allKeys(ctx.db)
  if (records.length === 0) {
    await transaction(ctx, 'keystone.keys.first', (tx) => makeFirstKeys(ctx, tx))
    records = await allKeys(ctx.db)
  }
  const keys = records.map(({ sealed_key, ...key }) => ({ ...key, bytes: ctx.vault.open(sealed_key) }))
  const primary = keys.find((key) => key.state === 'primary')!
  const held = {
    loadedAtMs,
    newest: keys[0]!.number,
    primary: primary.bytes,
    readable: [primary, ...keys.filter((key) => key !== primary)].map((key) => key.bytes),
  }
  memoryOf(ctx).keys = held
  return held
}

/** The first primary key, and the staged one that will follow it. Harmless when they are there. */
export async function makeFirstKeys(ctx: Context, tx: Tx): Promise<void> {
  await addKey(ctx, tx, { number: 1, state: 'primary', key: ctx.ids.bytes(fernetKeyBytes) })
  await addKey(ctx, tx, { number: 2, state: 'staged', key: ctx.ids.bytes(fernetKeyBytes) })
}

async function keysOf(ctx: Context): Promise<HeldKeys> {
  const { keys } = memoryOf(ctx)
  return keys && ctx.clock.monotonicMs() - keys.loadedAtMs < keysLifeMs ? keys : loadKeys(ctx)
}

/** Seals a payload with the primary key. */
export async function sealToken(ctx: Context, { payload, seconds }: { payload: Buffer; seconds: number }): Promise<string> {
  const { primary } = await keysOf(ctx)
  return sealFernet(primary, { payload, seconds, iv: ctx.ids.bytes(16) })
}

/** Opens a token; undefined when none of the cloud's keys sealed it. Looks for keys that are newer than those in memory. */
export async function openToken(ctx: Context, token: string): Promise<Opened | undefined> {
  const bytes = fernetBytes(token)
  if (!bytes) return undefined
  const askedMs = ctx.clock.monotonicMs()
  let keys = await keysOf(ctx)
  // A look that others share may have begun long before this token came, in a process that was frozen meanwhile.
  while (!openWithAny(keys, bytes) && askedMs - keys.loadedAtMs >= lookAgainMs) keys = await loadKeys(ctx)
  return openWithAny(keys, bytes)
}

function openWithAny(keys: HeldKeys, bytes: Buffer): Opened | undefined {
  for (const key of keys.readable) {
    const opened = openFernet(key, bytes)
    if (opened) return opened
  }
  return undefined
}
