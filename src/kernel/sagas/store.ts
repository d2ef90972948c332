import type { Context } from '../context.ts'
import type { Db, Tx } from '../sql/tables.ts'
import type { SagaRow } from './tables.ts'

/** How long a claim lasts before others may take it, in seconds. Fencing makes a short lease safe; each claim doubles it. */
const leaseSeconds = 1
const longestLeaseSeconds = 30

export const leaseFor = (attempts: number): number => Math.min(leaseSeconds * 2 ** attempts, longestLeaseSeconds)

/** The highest revision that any saga of this subject had; 0 when there was none. */
export async function lastRevision(tx: Tx, subject: string): Promise<number> {
  const row = await tx
    .selectFrom('kernel_sagas')
    .select('revision')
    .where('subject', '=', subject)
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? row.revision : 0
}

export const activeSaga = (db: Db, subject: string): Promise<SagaRow | undefined> =>
  db.selectFrom('kernel_sagas').selectAll().where('active_subject', '=', subject).executeTakeFirst()

export const sagaById = (db: Db, id: string): Promise<SagaRow | undefined> =>
  db.selectFrom('kernel_sagas').selectAll().where('id', '=', id).executeTakeFirst()

/** Nothing waits longer on purpose, in seconds: a time further ahead was written before the database's clock was set back. */
const longestWaitSeconds = longestLeaseSeconds + 1

export interface DueSaga extends SagaRow {
  readonly overdue: boolean
}

/** Work that these roles may claim now, the longest waiting first. */
export async function dueSagas(ctx: Context, roles: readonly string[], limit: number): Promise<DueSaga[]> {
  const rows = await ctx.db
    .selectFrom('kernel_sagas')
    .selectAll()
    .select((eb) => eb.case().when('deadline_at', '<=', ctx.dialect.now()).then(1).else(0).end().as('late'))
    .where('role', 'in', roles)
    .where((eb) => eb.or([eb('due_at', '<=', ctx.dialect.now()), eb('due_at', '>', ctx.dialect.fromNow(longestWaitSeconds))]))
    .orderBy('due_at')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...row, overdue: row.late === 1 }))
}

type Change = Partial<Pick<SagaRow, 'state' | 'step' | 'role' | 'unwind_to' | 'fence' | 'attempts' | 'active_subject'>> & {
  results_json?: string
  fault_json?: string | null
  next_json?: string | null
  due_at?: any
  finished_at?: any
}

/** Changes a saga that is still as it was seen, and counts its revision up. False: someone else was first. */
export async function compareAndSwap(db: Db, seen: Pick<SagaRow, 'id' | 'revision'>, change: Change): Promise<boolean> {
  const result = await db
    .updateTable('kernel_sagas')
    .set({ ...change, revision: seen.revision + 1 })
    .where('id', '=', seen.id)
    .where('revision', '=', seen.revision)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

/** Makes a claim last `seconds` from now, if it still is one. False: somebody else holds the saga. */
export async function renewClaim(ctx: Context, claimed: Pick<SagaRow, 'id' | 'revision'>, seconds: number): Promise<boolean> {
  const result = await ctx.db
    .updateTable('kernel_sagas')
    .set({ due_at: ctx.dialect.fromNow(seconds) })
    .where('id', '=', claimed.id)
    .where('revision', '=', claimed.revision)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

/**
 * Forgets sagas that ended more than `days` ago, at most `limit` at once. The last one of each subject stays: the next
 * one's revision must be higher than any that a host may remember.
 */
export async function forgetOldSagas(ctx: Context, days: number, limit = 1000): Promise<number> {
  const old = await ctx.db
    .selectFrom('kernel_sagas as s')
    .select('s.id')
    .where('s.finished_at', '<', ctx.dialect.fromNow(-days * 86_400))
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('kernel_sagas as later')
          .select('later.id')
          .whereRef('later.subject', '=', 's.subject')
          .whereRef('later.revision', '>', 's.revision'),
      ),
    )
    .limit(limit)
    .execute()
  if (old.length === 0) return 0
  const ids = old.map((row) => row.id)
  await ctx.db.deleteFrom('kernel_sagas').where('id', 'in', ids).execute()
  return ids.length
}
