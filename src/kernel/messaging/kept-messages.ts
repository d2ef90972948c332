import type { Context } from '../context.ts'
import { encodeMessage } from './message-rules.ts'
import type { Message } from './messaging.ts'
import './tables.ts'

type Place = Pick<Context, 'db' | 'dialect'>

/** How long a kept message waits for its receiver, in seconds. Whoever still wants it has sent it again by then. */
export const keptForSeconds = 600

/** Keeps a message in the database. One with the same id in the same mailbox is the same message. */
export async function keepMessage({ db, dialect }: Place, mailbox: string, message: Message): Promise<void> {
  const row = { mailbox, id: message.id, body_json: encodeMessage(mailbox, message), created_at: dialect.now() }
  await dialect.insertIfAbsent(db, 'kernel_kept_messages', row)
}

/** The oldest messages kept for a mailbox, without those that are `held` already. They stay until they are dropped. */
export async function keptMessages({ db }: Place, mailbox: string, held: readonly string[], limit: number): Promise<Message[]> {
  let query = db.selectFrom('kernel_kept_messages').select(['id', 'body_json']).where('mailbox', '=', mailbox)
  if (held.length > 0) query = query.where('id', 'not in', held)
  const rows = await query.orderBy('created_at').limit(limit).execute()
  return rows.map((row) => ({ id: row.id, body: row.body_json }))
}

/** Drops messages that were handled. */
export async function dropKept({ db }: Place, mailbox: string, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await db.deleteFrom('kernel_kept_messages').where('mailbox', '=', mailbox).where('id', 'in', ids).execute()
}

/** Forgets messages that nobody took in their time. */
export async function forgetOldKept({ db, dialect }: Place): Promise<void> {
  await db.deleteFrom('kernel_kept_messages').where('created_at', '<', dialect.fromNow(-keptForSeconds)).execute()
}
