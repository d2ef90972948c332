import { aContext } from './a-context.ts'
import { registryOf, saga, type SagaDefinition } from '../../src/kernel/sagas/saga.ts'
import { reportsMailbox } from '../../src/kernel/sagas/reports-mailbox.ts'
import { openWorker, type Worker } from '../../src/kernel/sagas/worker.ts'
import type { DatabaseName } from './test-databases.ts'
import type { Context } from '../../src/kernel/context.ts'
import type { Engine } from '../../src/kernel/sagas/engine.ts'
import type { Order, Report } from '../../src/kernel/sagas/orders.ts'
import type { SagaRow } from '../../src/kernel/sagas/tables.ts'
import type { Tx } from '../../src/kernel/sql/tables.ts'

/** A few kernel parts with workers and one host, for tests of sagas as such. */
export interface SagaWorld {
  readonly ctx: Context
  worker(sagas: readonly SagaDefinition[], roles: readonly string[], probe?: Engine['probe']): Promise<Worker>
  /** Plays a host: answers each order of its mailbox. */
  host(name: string, answer: (order: Order) => Partial<Report> | undefined): Promise<void>
  sagaOf(subject: string): Promise<SagaRow | undefined>
  close(): Promise<void>
}

/** Opens it on a database of its own. */
export async function aSagaWorld(database: DatabaseName): Promise<SagaWorld> {
  const world = await aContext(database)
  const { ctx } = world
  const workers: Worker[] = []
  return {
    ctx,
    async worker(sagas, roles, probe) {
      const engine: Engine = {
        registry: registryOf(sagas),
        roles: new Set(roles),
        takesReports: roles.includes('chief'),
        ...(probe && { probe }),
      }
      const worker = await openWorker(ctx, engine)
      workers.push(worker)
      return worker
    },
    async host(name, answer) {
      await ctx.messaging.receive(name, { concurrency: 4 }, async ({ body }) => {
        const order = body as Order
        const report = answer(order)
        if (!report) return
        const { saga: id, step, fence, undo } = order
        await ctx.messaging.send(reportsMailbox, { id: ctx.ids.uuid(), body: { saga: id, step, fence, undo, ...report } })
      })
    },
    sagaOf: (subject) =>
      ctx.db.selectFrom('kernel_sagas').selectAll().where('subject', '=', subject).orderBy('revision', 'desc').limit(1).executeTakeFirst(),
    async close() {
      await Promise.all(workers.map((worker) => worker.stop()))
      await world.close()
    },
  }
}

/** Writes one line of a diary, kept in a table: what a transaction did stays only when it commits. */
export async function note(ctx: Context, tx: Tx, subject: string, text: string): Promise<void> {
  const row = { id: ctx.ids.uuid(), fingerprint: subject, answer: Buffer.from(text), created_at: ctx.dialect.now() as never }
  await tx.insertInto('kernel_idempotency_keys').values(row).execute()
}

/** The lines of a subject's diary, sorted. */
export async function notesOf(ctx: Context, subject: string): Promise<string[]> {
  const rows = await ctx.db.selectFrom('kernel_idempotency_keys').select('answer').where('fingerprint', '=', subject).execute()
  return rows.map((row) => row.answer!.toString()).toSorted()
}

export { saga }
