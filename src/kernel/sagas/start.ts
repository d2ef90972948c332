import { conflict } from '../errors.ts'
import { json, type Tx } from '../sql/tables.ts'
import { afterCommit } from '../sql/transaction.ts'
import { activeSaga, compareAndSwap, lastRevision } from './store.ts'
import type { Context } from '../context.ts'
import type { SagaDefinition } from './saga.ts'
import type { SagaFault } from './tables.ts'
import './tables.ts'

/** Work to accept: `subject` is the resource's id. */
export interface NewWork<I> {
  readonly subject: string
  readonly input: I
}

/**
 * The only way to accept work: a row in the caller's transaction, and a bell after its commit.
 * Refuses with `conflict` when the subject has active work already.
 */
export async function startSaga<I>(ctx: Context, tx: Tx, definition: SagaDefinition<I>, work: NewWork<I>): Promise<string> {
  const id = ctx.ids.uuid()
  const role = definition.steps[0]!.role
  const revision = (await lastRevision(tx, work.subject)) + 1
  const inserted = await ctx.dialect.insertIfAbsent(tx, 'kernel_sagas', {
    id,
    kind: definition.kind,
    subject: work.subject,
    active_subject: work.subject,
    state: 'running',
    step: 0,
    role,
    input_json: json(work.input),
    results_json: '{}',
    fault_json: null,
    unwind_to: -1,
    next_json: null,
    revision,
    fence: revision,
    attempts: 0,
    due_at: ctx.dialect.now(),
    deadline_at: ctx.dialect.fromNow(definition.deadlineSeconds),
    request_id: ctx.requestId,
    created_at: ctx.dialect.now(),
    finished_at: null,
  })
  if (!inserted) throw conflict(`${work.subject} is busy with other work`, { type: 'busy' })
  afterCommit(tx, () => ctx.messaging.ring(role))
  return id
}

/**
 * Accepts work that takes precedence: the subject's active saga, if there is one, unwinds first.
 * What it was doing at that moment is void, since its claim's revision is passed. `conflict` when another
 * successor waits already.
 */
export async function supersedeSaga<I>(ctx: Context, tx: Tx, definition: SagaDefinition<I>, work: NewWork<I>): Promise<void> {
  const active = await activeSaga(tx, work.subject)
  if (!active) {
    await startSaga(ctx, tx, definition, work)
    return
  }
  if (active.next_json || active.kind === definition.kind) throw conflict(`${work.subject} is busy with other work`, { type: 'busy' })
  const swapped = await compareAndSwap(tx, active, {
    state: 'unwinding',
    unwind_to: -1,
    next_json: json({ kind: definition.kind, input: work.input, requestId: ctx.requestId }),
    fence: active.revision + 1,
    attempts: 0,
    due_at: ctx.dialect.now(),
  })
  if (!swapped) throw Object.assign(new Error('the saga moved on meanwhile'), { code: '40001' })
  afterCommit(tx, () => ctx.messaging.ring(active.role))
}

/**
 * Ends the subject's active work before its time: it unwinds with this fault, and what it was doing at that moment is void.
 * Harmless when nothing is active, or when it unwinds already.
 */
export async function turnSagaBack(ctx: Context, tx: Tx, subject: string, fault: SagaFault): Promise<void> {
  const active = await activeSaga(tx, subject)
  if (!active || active.state !== 'running') return
  const swapped = await compareAndSwap(tx, active, {
    state: 'unwinding',
    unwind_to: -1,
    fault_json: json(fault),
    fence: active.revision + 1,
    attempts: 0,
    due_at: ctx.dialect.now(),
  })
  if (!swapped) throw Object.assign(new Error('the saga moved on meanwhile'), { code: '40001' })
  afterCommit(tx, () => ctx.messaging.ring(active.role))
}
