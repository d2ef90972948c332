import { unprocessable } from '../errors.ts'
import './tables.ts'
import type { Context } from '../context.ts'
import type { Db, Tx } from '../sql/tables.ts'
import type { Vault } from '../vault.ts'

/** One request as its sender named it: the same key must mean the same request. */
export interface RequestKey {
  /** The sender's key, scoped to the user. */
  readonly id: string
  /** What the request was: method, path and body. */
  readonly fingerprint: string
}

/** An answer as it went over the wire, apart from headers that differ each time. */
export interface StoredAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Names a request. `user` scopes the key: two users may choose the same one. A body may hold a password, so the digests are keyed. */
export function requestKey(vault: Vault, request: { user: string; key: string; method: string; path: string; body: Buffer }): RequestKey {
  return { id: vault.digest([request.user, request.key]), fingerprint: vault.digest([request.method, request.path, request.body]) }
}

/**
 * Takes the key in this transaction, or returns the answer that the request got when it was done before.
 * Waits while another attempt's transaction holds the key. A key that stood for another request: `unprocessable`.
 */
export async function takeKey(ctx: Context, tx: Tx, key: RequestKey): Promise<StoredAnswer | undefined> {
  const row = { id: key.id, fingerprint: key.fingerprint, answer: null, created_at: ctx.dialect.now() }
  if (await ctx.dialect.insertIfAbsent(tx, 'kernel_idempotency_keys', row)) return undefined
  const found = await tx.selectFrom('kernel_idempotency_keys').select(['fingerprint', 'answer']).where('id', '=', key.id).executeTakeFirst()
  if (!found?.answer) throw Object.assign(new Error('the key was given back meanwhile'), { code: '40001' })
  if (found.fingerprint !== key.fingerprint) throw unprocessable('This Idempotency-Key was used for another request.')
  return JSON.parse(ctx.vault.open(found.answer).toString()) as StoredAnswer
}

/** Whether a request with this key was done before; for those who must decide before they can take it. */
export async function keyIsTaken(db: Db, key: RequestKey): Promise<boolean> {
  return (await db.selectFrom('kernel_idempotency_keys').select('id').where('id', '=', key.id).executeTakeFirst()) !== undefined
}

/** Stores the answer beside the key, sealed since it may hold a secret, in the transaction that did the work. */
export async function keepAnswer(ctx: Context, tx: Tx, key: RequestKey, answer: StoredAnswer): Promise<void> {
  const sealed = ctx.vault.seal(JSON.stringify(answer))
  await tx.updateTable('kernel_idempotency_keys').set({ answer: sealed }).where('id', '=', key.id).execute()
}

/** How long a key is remembered, in seconds. */
export const keyLifeSeconds = 24 * 3600

/** Forgets keys older than a day, at most `limit` at once. Returns how many. */
export async function forgetOldKeys(ctx: Context, limit = 1000): Promise<number> {
  const old = await ctx.db
    .selectFrom('kernel_idempotency_keys')
    .select('id')
    .where('created_at', '<', ctx.dialect.fromNow(-keyLifeSeconds))
    .limit(limit)
    .execute()
  if (old.length === 0) return 0
  const ids = old.map((row) => row.id)
  await ctx.db.deleteFrom('kernel_idempotency_keys').where('id', 'in', ids).execute()
  return ids.length
}
