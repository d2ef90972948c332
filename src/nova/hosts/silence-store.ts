import type { Db } from '../../kernel/sql/tables.ts'
import '../tables.ts'

/** What a service has said so far. */
export interface Heard {
  readonly id: string
  readonly program: string
  readonly host: string
  readonly beats: number
  /** Moves with each word too. A release that does not count beats moves it alone. */
  readonly seenAt: Date
  readonly silent: boolean
}

/** All services, with what they have said so far. One query. */
export async function readHeard(db: Db): Promise<Heard[]> {
  const rows = await db.selectFrom('nova_services').select(['id', 'program', 'host', 'beats', 'seen_at', 'silent']).execute()
  return rows.map(({ seen_at: seenAt, beats, ...row }) => ({ ...row, beats: Number(beats), seenAt }))
}

/** Marks a service as silent or not, unless it has spoken since it was read. Says whether it did. */
export async function markSilent(db: Db, { id, beats }: Heard, silent: boolean): Promise<boolean> {
  const marked = await db.updateTable('nova_services').set({ silent }).where('id', '=', id).where('beats', '=', beats).executeTakeFirst()
  return Number(marked.numUpdatedRows) === 1
}
