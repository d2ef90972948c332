import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { KeypairRow } from '../tables.ts'

export interface Keypair {
  readonly id: number
  readonly userId: string
  readonly name: string
  /** 'ssh' or 'x509'. */
  readonly type: string
  readonly fingerprint: string
  readonly publicKey: string
  readonly createdAt: Date
}

const keypairFrom = (row: KeypairRow): Keypair => ({
  id: Number(row.id),
  userId: row.user_id,
  name: row.name,
  type: row.type,
  fingerprint: row.fingerprint,
  publicKey: row.public_key,
  createdAt: row.created_at,
})

/** A user's key pair by name. */
export async function keypairOf(db: Db, { userId, name }: { userId: string; name: string }): Promise<Keypair | undefined> {
  const row = await db.selectFrom('nova_keypairs').selectAll().where('user_id', '=', userId).where('name', '=', name).executeTakeFirst()
  return row && keypairFrom(row)
}

/** One page of a user's key pairs, by name. */
export async function listKeypairs(
  db: Db,
  userId: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<Keypair[]> {
  let query = db.selectFrom('nova_keypairs').selectAll().where('user_id', '=', userId).orderBy('name').limit(limit)
  if (after !== undefined) query = query.where('name', '>', after)
  return (await query.execute()).map(keypairFrom)
}

/** False: the user has one of this name. */
export const insertKeypair = (ctx: Context, tx: Tx, keypair: Omit<Keypair, 'id' | 'createdAt'>): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'nova_keypairs', {
    user_id: keypair.userId,
    name: keypair.name,
    type: keypair.type,
    fingerprint: keypair.fingerprint,
    public_key: keypair.publicKey,
    created_at: ctx.dialect.now(),
  })

/** False: there is none. */
export async function deleteKeypair(tx: Tx, { userId, name }: { userId: string; name: string }): Promise<boolean> {
  const result = await tx.deleteFrom('nova_keypairs').where('user_id', '=', userId).where('name', '=', name).executeTakeFirst()
  return Number(result.numDeletedRows) === 1
}
