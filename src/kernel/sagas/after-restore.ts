import type { Kysely } from 'kysely'
import type { Dialect } from '../sql/dialect.ts'

/** How many rows are changed at once. */
const pageSize = 500

/**
 * Makes sagas that come from a backup ready to go on. Leases belonged to processes that are gone: they end. Deadlines move by `laterMs`, the
 * time that the backup lay, so that work keeps the time it had left. Hosts may have seen higher fences since the backup and would
 * refuse lower ones: the last saga of each subject goes on from `fromRevision`, which must be above any that was ever given.
 */
export async function resumeRestoredSagas(
  tx: Kysely<any>,
  dialect: Dialect,
  { laterMs, fromRevision }: { readonly laterMs: number; readonly fromRevision: number },
): Promise<void> {
  for (let after = ''; ;) {
    const page = await tx
      .selectFrom('kernel_sagas as s')
      .select(['s.id', 's.revision', 's.active_subject', 's.deadline_at'])
      .where('s.id', '>', after)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('kernel_sagas as later')
              .select('later.id')
              .whereRef('later.subject', '=', 's.subject')
              .whereRef('later.revision', '>', 's.revision'),
          ),
        ),
      )
      .orderBy('s.id')
      .limit(pageSize)
      .execute()
    if (page.length === 0) return
    const revision = Math.max(fromRevision, ...page.map((row) => Number(row.revision) + 1))
    const ids = page.map((row) => row.id as string)
    await tx.updateTable('kernel_sagas').set({ revision }).where('id', 'in', ids).execute()
    for (const { id, deadline_at: deadline } of page.filter((row) => row.active_subject !== null)) {
      const resumed = { fence: revision, attempts: 0, due_at: dialect.now(), deadline_at: new Date((deadline as Date).getTime() + laterMs) }
      await tx.updateTable('kernel_sagas').set(resumed).where('id', '=', id).execute()
    }
    after = ids.at(-1)!
  }
}
