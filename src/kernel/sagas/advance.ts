import { forWork, type Context } from '../context.ts'
import { Fault } from '../errors.ts'
import { sagaSteps } from '../metrics.ts'
import { transaction } from '../sql/transaction.ts'
import { pauseSeconds, probe, Stale, stepOf, workOf, type Engine } from './engine.ts'
import { actLong } from './long-step.ts'
import { giveOrder } from './orders.ts'
import { pause, stepBack, stepForward, turnBack } from './progress.ts'
import { isLong, isOrder, type Step } from './saga.ts'
import { compareAndSwap, leaseFor, type DueSaga } from './store.ts'
import type { SagaFault, SagaRow } from './tables.ts'

/** Takes a due saga for a while. Undefined: another worker was first. The new revision is this worker's fencing token. */
export async function claim(ctx: Context, row: DueSaga): Promise<DueSaga | undefined> {
  const attempts = row.attempts + 1
  const claimed = await compareAndSwap(ctx.db, row, { attempts, due_at: ctx.dialect.fromNow(leaseFor(row.attempts)) })
  return claimed ? { ...row, attempts, revision: row.revision + 1 } : undefined
}

/** Carries a claimed saga as far as this process's roles reach. Never throws for what the saga itself can bear. */
export async function advance(base: Context, engine: Engine, claimed: SagaRow & { overdue?: boolean }): Promise<void> {
  let row: SagaRow | undefined = claimed
  let overdue = claimed.overdue ?? false
  const ctx = forWork(
    { ...base, log: base.log.child({ saga: claimed.id, kind: claimed.kind, subject: claimed.subject }) },
    claimed.request_id,
  )
  while (row && row.active_subject !== null && engine.roles.has(row.role)) {
    row = await advanceOnce(forWork(ctx, claimed.request_id), engine, row, overdue)
    overdue = false
  }
  if (row && row.active_subject !== null) ctx.messaging.ring(row.role)
}

async function advanceOnce(ctx: Context, engine: Engine, row: SagaRow, overdue: boolean): Promise<SagaRow | undefined> {
  try {
    if (overdue && row.state === 'running') return await giveUp(ctx, engine, row, { kind: 'timeout', message: 'It took too long.' })
    return row.state === 'running' ? await forward(ctx, engine, row) : await backward(ctx, engine, row)
  } catch (error) {
    if (error instanceof Stale) return undefined
    return later(ctx, engine, row, error)
  }
}

async function forward(ctx: Context, engine: Engine, row: SagaRow): Promise<SagaRow | undefined> {
  const step = stepOf(engine, row)
  await probe(engine, row, 'before')
  let next: SagaRow | undefined
  try {
    next = await take(ctx, engine, row, step)
  } catch (error) {
    if (!(error instanceof Fault) || error.kind === 'unavailable') throw error
    return giveUp(ctx, engine, row, { kind: error.kind, message: error.message })
  }
  await probe(engine, row, 'after')
  if (next) sagaSteps.inc({ kind: row.kind, step: step.name, outcome: 'done' })
  return next
}

async function take(ctx: Context, engine: Engine, row: SagaRow, step: Step<any>): Promise<SagaRow | undefined> {
  if (isOrder(step)) return giveOrder(ctx, engine, row, step)
  if (isLong(step)) return actLong(ctx, engine, row, step)
  return transaction(ctx, `${row.kind}: ${step.name}`, async (tx) =>
    stepForward(ctx, tx, engine, row, await step.run(ctx, tx, workOf(row))),
  )
}

async function giveUp(ctx: Context, engine: Engine, row: SagaRow, fault: SagaFault): Promise<SagaRow> {
  const { name } = stepOf(engine, row)
  ctx.log.info({ step: name, fault: fault.message }, 'a saga turns back')
  sagaSteps.inc({ kind: row.kind, step: name, outcome: 'refused' })
  return transaction(ctx, `${row.kind}: turn back`, async (tx) => turnBack(ctx, tx, engine, row, fault))
}

async function backward(ctx: Context, engine: Engine, row: SagaRow): Promise<SagaRow | undefined> {
  const step = stepOf(engine, row)
  await probe(engine, row, 'before undo')
  const next = isOrder(step)
    ? await giveOrder(ctx, engine, row, step)
    : await transaction(ctx, `${row.kind}: undo ${step.name}`, async (tx) => {
        await step.undo?.(ctx, tx, workOf(row))
        return stepBack(ctx, tx, engine, row)
      })
  await probe(engine, row, 'after undo')
  return next
}

// An outage or a bug: the saga stays where it is and is tried again; its deadline bounds how often.
async function later(ctx: Context, engine: Engine, row: SagaRow, error: unknown): Promise<undefined> {
  const { name } = stepOf(engine, row)
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
  ctx.log.warn({ step: name, attempt: row.attempts, reason }, 'a step fails and will be tried again')
  sagaSteps.inc({ kind: row.kind, step: name, outcome: 'failed' })
  try {
    await transaction(ctx, `${row.kind}: pause`, async (tx) => pause(ctx, tx, engine, row, pauseSeconds(ctx, row.attempts)))
  } catch {
    // Then the lease runs out by itself.
  }
  return undefined
}
