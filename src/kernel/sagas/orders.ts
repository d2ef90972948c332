import { Fault } from '../errors.ts'
import { transaction } from '../sql/transaction.ts'
import { definitionOf, probe, stepOf, workOf, type Engine } from './engine.ts'
import { pause, stepBack, stepForward, turnBack } from './progress.ts'
import { isOrder, type HostOrder, type OrderStep, type PreparedOrder } from './saga.ts'
import { sagaById } from './store.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../sql/tables.ts'
import type { SagaFault, SagaRow } from './tables.ts'

/** What a host receives. Orders on one subject with a lower fence than one seen before are void. */
export interface Order {
  readonly saga: string
  readonly step: number
  readonly fence: number
  readonly subject: string
  readonly undo: boolean
  readonly name: string
  readonly requestId: string
  readonly body: unknown
}

/** What a host answers, as often as it is asked. */
export interface Report {
  readonly saga: string
  readonly step: number
  readonly fence: number
  readonly undo: boolean
  readonly result?: unknown
  /** Set when the host refuses: it did not and will not do it. */
  readonly fault?: SagaFault
}

/** How long a report may take before the order is repeated, in seconds; doubles with each repeat. */
const repeatAfter = (attempts: number): number => Math.min(2 ** Math.max(0, attempts - 1), 20)

/** Writes the order of the current step, waits for its report, or passes on when there is nothing to order. */
export async function giveOrder(ctx: Context, engine: Engine, row: SagaRow, step: OrderStep<any>): Promise<SagaRow | undefined> {
  const undo = row.state === 'unwinding'
  const order = undo ? step.undoOrder : step.order
  let sent: PreparedOrder | undefined
  const next = await transaction(ctx, `${row.kind}: ${step.name}`, async (tx) => {
    sent = undefined
    const refusal = row.attempts > 1 ? await givenUp(ctx, tx, row, order) : undefined
    if (refusal && undo) return stepBack(ctx, tx, engine, row)
    if (refusal) return refuse(ctx, tx, engine, row, step, refusal)
    sent = await order?.prepare(ctx, tx, workOf(row))
    if (sent) return pause(ctx, tx, engine, row, repeatAfter(row.attempts))
    return undo ? stepBack(ctx, tx, engine, row) : stepForward(ctx, tx, engine, row, undefined)
  })
  if (!sent) return next
  await probe(engine, row, 'before order')
  const body: Order = {
    saga: row.id,
    step: row.step,
    fence: row.fence,
    subject: row.subject,
    undo,
    name: sent.name ?? step.name,
    requestId: row.request_id,
    body: sent.body,
  }
  // A repeat is the same message: where one copy of it is kept already, another adds nothing.
  await ctx.messaging.send(sent.mailbox, { id: `${row.id}:${row.step}:${row.fence}`, body, again: row.attempts > 1 })
  await probe(engine, row, 'after order')
  return undefined
}

async function givenUp(ctx: Context, tx: Tx, row: SagaRow, order: HostOrder<any> | undefined): Promise<SagaFault | undefined> {
  try {
    await order?.overdue?.(ctx, tx, workOf(row))
    return undefined
  } catch (error) {
    if (error instanceof Fault) return { kind: error.kind, message: error.message }
    throw error
  }
}

async function refuse(ctx: Context, tx: Tx, engine: Engine, row: SagaRow, step: OrderStep<any>, fault: SagaFault): Promise<SagaRow> {
  const decision = await step.order.refused?.(ctx, tx, workOf(row), fault)
  const backTo = decision ? definitionOf(engine, row).steps.findIndex((candidate) => candidate.name === decision.backTo) : -1
  return turnBack(ctx, tx, engine, row, fault, backTo)
}

/**
 * Takes a host's report in. A report of another step, or of an order that was passed, changes nothing; so a
 * report may come any number of times. Returns the saga when this process can go on with it.
 */
export async function takeReport(ctx: Context, engine: Engine, report: Report): Promise<SagaRow | undefined> {
  return transaction(ctx, 'saga: report', async (tx) => {
    const row = await sagaById(tx, report.saga)
    const expected = row && row.active_subject !== null && row.step === report.step && row.fence === report.fence
    if (!expected || (row.state === 'unwinding') !== report.undo) return undefined
    const step = stepOf(engine, row)
    if (!isOrder(step)) return undefined
    try {
      return await settle(ctx, tx, engine, row, step, report)
    } catch (error) {
      // Someone claimed the saga to repeat the order: look again, the report still counts.
      if ((error as Error).name === 'Stale') throw Object.assign(new Error('the saga moved while its report came'), { code: '40001' })
      throw error
    }
  })
}

async function settle(
  ctx: Context,
  tx: Tx,
  engine: Engine,
  row: SagaRow,
  step: OrderStep<any>,
  report: Report,
): Promise<SagaRow | undefined> {
  if (!report.undo && report.fault) return refuse(ctx, tx, engine, row, step, report.fault)
  if (!report.undo) {
    const result = step.order.report ? await step.order.report(ctx, tx, workOf(row), report.result) : report.result
    return stepForward(ctx, tx, engine, row, result)
  }
  // A host that can't take something back is asked again later.
  if (report.fault) return undefined
  await step.undoOrder?.report?.(ctx, tx, workOf(row), report.result)
  return stepBack(ctx, tx, engine, row)
}
