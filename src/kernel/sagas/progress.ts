import { json, type Tx } from '../sql/tables.ts'
import { definitionOf, Stale, workOf, type Engine } from './engine.ts'
import { startSaga } from './start.ts'
import { compareAndSwap, leaseFor } from './store.ts'
import type { Context } from '../context.ts'
import type { SagaFault, SagaRow } from './tables.ts'

// Each function here changes one saga row in the caller's transaction, on the condition that it is still as it was
// seen, and returns it as it is now. Together they are the only ways in which a saga moves.

type Change = Parameters<typeof compareAndSwap>[2]

async function change(ctx: Context, tx: Tx, row: SagaRow, engine: Engine, values: Change): Promise<SagaRow> {
  const role = values.role ?? row.role
  // Whoever moves a saga to a step that is theirs too keeps the claim; another role may take it at once.
  const due = values.due_at ?? (engine.roles.has(role) ? ctx.dialect.fromNow(leaseFor(0)) : ctx.dialect.now())
  if (!(await compareAndSwap(tx, row, { ...values, due_at: due }))) throw new Stale(row)
  const { results_json, fault_json, next_json: _next, due_at: _due, finished_at: _finished, ...plain } = values
  return {
    ...row,
    ...plain,
    ...(results_json !== undefined && { results_json: JSON.parse(results_json) }),
    ...(fault_json !== undefined && { fault_json: fault_json === null ? null : JSON.parse(fault_json) }),
    revision: row.revision + 1,
  }
}

const entering = (row: SagaRow) => ({ attempts: 0, fence: row.revision + 1 })
const over = (ctx: Context) => ({ role: '', active_subject: null, finished_at: ctx.dialect.now(), attempts: 0 })

/** Ends the current step with its result and enters the next one, or ends the saga. */
export async function stepForward(ctx: Context, tx: Tx, engine: Engine, row: SagaRow, result: unknown): Promise<SagaRow> {
  const { steps } = definitionOf(engine, row)
  const results_json = json({ ...row.results_json, [steps[row.step]!.name]: result ?? null })
  const next = steps[row.step + 1]
  if (!next) return change(ctx, tx, row, engine, { ...over(ctx), state: 'done', results_json })
  return change(ctx, tx, row, engine, { ...entering(row), step: row.step + 1, role: next.role, results_json })
}

/** Turns the saga round at its current step, whose own undo comes first. `backTo`: the step to go forward from again. */
export async function turnBack(ctx: Context, tx: Tx, engine: Engine, row: SagaRow, fault: SagaFault, backTo = -1): Promise<SagaRow> {
  return change(ctx, tx, row, engine, { ...entering(row), state: 'unwinding', fault_json: json(fault), unwind_to: backTo })
}

/** Ends the undo of the current step: goes to the one before, forward again, or ends the saga. */
export async function stepBack(ctx: Context, tx: Tx, engine: Engine, row: SagaRow): Promise<SagaRow> {
  const { steps } = definitionOf(engine, row)
  const { [steps[row.step]!.name]: _, ...rest } = row.results_json
  const results_json = json(rest)
  if (row.step === row.unwind_to) return change(ctx, tx, row, engine, { ...entering(row), state: 'running', unwind_to: -1, results_json })
  const before = steps[row.step - 1]
  if (before) return change(ctx, tx, row, engine, { ...entering(row), step: row.step - 1, role: before.role, results_json })
  const ended = await change(ctx, tx, row, engine, { ...over(ctx), state: 'undone', results_json })
  await conclude(ctx, tx, engine, row)
  return ended
}

async function conclude(ctx: Context, tx: Tx, engine: Engine, row: SagaRow): Promise<void> {
  if (row.next_json) {
    const { kind, input, requestId } = row.next_json
    await startSaga({ ...ctx, requestId }, tx, definitionOf(engine, { kind }), { subject: row.subject, input })
  } else if (row.fault_json) {
    await definitionOf(engine, row).failed?.(ctx, tx, workOf(row), row.fault_json)
  }
}

/** Waits: for a report, or before another attempt. */
export async function pause(ctx: Context, tx: Tx, engine: Engine, row: SagaRow, seconds: number): Promise<SagaRow> {
  return change(ctx, tx, row, engine, { due_at: ctx.dialect.fromNow(seconds) })
}
