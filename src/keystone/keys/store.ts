import type { SqlContext } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { KeyState } from '../tables.ts'

export interface KeyRecord {
  readonly number: number
  readonly state: KeyState
  readonly sealed_key: Buffer
}

/** All keys, the newest first. */
export const allKeys = (db: Db): Promise<KeyRecord[]> =>
  db.selectFrom('keystone_keys').select(['number', 'state', 'sealed_key']).orderBy('number', 'desc').execute()

/** When a key came into its state. */
export interface KeyMoment {
  readonly number: number
  readonly state: KeyState
  readonly changed_at: Date
}

/** All keys without what they are made of, the newest first. */
export const keyMoments = (db: Db): Promise<KeyMoment[]> =>
  db.selectFrom('keystone_keys').select(['number', 'state', 'changed_at']).orderBy('number', 'desc').execute()

/** Every instance that has reported, with how long ago by the database's clock. */
export async function allHolders(
  ctx: SqlContext,
  db: Db,
): Promise<{ readonly instance: string; readonly newestKey: number; readonly silentSeconds: number }[]> {
  const rows = await db
    .selectFrom('keystone_key_holders')
    .select(['instance', 'newest_key', 'seen_at', ctx.dialect.now().as('now')])
    .orderBy('instance')
    .execute()
  return rows.map(({ instance, newest_key: newestKey, seen_at: seenAt, now }) => ({
    ...{ instance, newestKey },
    silentSeconds: Math.max(0, (now.getTime() - seenAt.getTime()) / 1000),
  }))
}

/** Puts a key there unless its number is taken. */
export const addKey = (
  ctx: SqlContext,
  tx: Tx,
  { number, state, key }: { number: number; state: KeyState; key: Buffer },
): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'keystone_keys', { number, state, sealed_key: ctx.vault.seal(key), changed_at: ctx.dialect.now() })

/** Moves one key from a state into the next. False: someone else did. */
export async function moveKey(
  ctx: SqlContext,
  tx: Tx,
  { number, from, to }: { number: number; from: KeyState; to: KeyState },
): Promise<boolean> {
  const result = await tx
    .updateTable('keystone_keys')
    .set({ state: to, changed_at: ctx.dialect.now() })
    .where('number', '=', number)
    .where('state', '=', from)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

/** Whether the primary key has been so for `seconds`. */
export async function primaryIsOlderThan(ctx: SqlContext, seconds: number): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('keystone_keys')
    .select('number')
    .where('state', '=', 'primary')
    .where('changed_at', '<', ctx.dialect.fromNow(-seconds))
    .executeTakeFirst()
  return row !== undefined
}

/** Secondary keys whose last token ended long ago. */
export async function outdatedKeys(ctx: SqlContext, { seconds }: { seconds: number }): Promise<number[]> {
  const rows = await ctx.db
    .selectFrom('keystone_keys')
    .select('number')
    .where('state', '=', 'secondary')
    .where('changed_at', '<', ctx.dialect.fromNow(-seconds))
    .execute()
  return rows.map((row) => row.number)
}

export async function forgetKeys(tx: Tx, numbers: readonly number[]): Promise<void> {
  if (numbers.length > 0) await tx.deleteFrom('keystone_keys').where('number', 'in', numbers).execute()
}

/** Says that this instance lives, and which is the newest key that it holds. */
export async function reportHolder(
  ctx: SqlContext,
  tx: Tx,
  { instance, newestKey }: { instance: string; newestKey: number },
): Promise<void> {
  const row = { instance, newest_key: newestKey, seen_at: ctx.dialect.now() }
  if (await ctx.dialect.insertIfAbsent(tx, 'keystone_key_holders', row)) return
  await tx
    .updateTable('keystone_key_holders')
    .set({ newest_key: newestKey, seen_at: ctx.dialect.now() })
    .where('instance', '=', instance)
    .execute()
}

/** Instances seen within `seconds` that do not hold this key yet. */
export async function instancesWithout(ctx: SqlContext, db: Db, { key, seconds }: { key: number; seconds: number }): Promise<string[]> {
  const rows = await db
    .selectFrom('keystone_key_holders')
    .select('instance')
    .where('seen_at', '>', ctx.dialect.fromNow(-seconds))
    .where('newest_key', '<', key)
    .execute()
  return rows.map((row) => row.instance)
}

/** Instances that nobody has seen for `seconds`. */
export async function lostInstances(ctx: SqlContext, { seconds }: { seconds: number }): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('keystone_key_holders')
    .select('instance')
    .where('seen_at', '<', ctx.dialect.fromNow(-seconds))
    .execute()
  return rows.map((row) => row.instance)
}

export async function forgetHolders(tx: Tx, instances: readonly string[]): Promise<void> {
  if (instances.length > 0) await tx.deleteFrom('keystone_key_holders').where('instance', 'in', instances).execute()
}
