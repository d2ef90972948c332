import type { Context } from '../context.ts'
import type { Tx } from '../sql/tables.ts'
import type { SagaFault } from './tables.ts'

/** A piece of accepted work, as its steps see it. */
export interface Work<I = any> {
  readonly id: string
  readonly subject: string
  readonly input: I
  /** What earlier steps returned, by step name. */
  readonly results: Readonly<Record<string, any>>
  /** The fencing token: whatever leaves the database carries it. */
  readonly fence: number
  readonly attempts: number
  /** Why it unwinds, or did so before it went forward again. */
  readonly fault?: SagaFault
}

/**
 * A step whose effects are SQL: they commit together with the saga's progress, so they happen once.
 * A Fault that it throws is a definite refusal: the saga unwinds. Any other error is an outage: it is tried again.
 */
export interface SqlStep<I> {
  readonly name: string
  readonly role: string
  run(ctx: Context, tx: Tx, work: Work<I>): Promise<unknown>
  /** Takes back what `run` did; must be harmless when it did nothing. Tried until it works. */
  undo?(ctx: Context, tx: Tx, work: Work<I>): Promise<void>
}

/** A step that a host carries out: the order goes to its mailbox, and the step ends when its report comes back. */
export interface OrderStep<I> {
  readonly name: string
  /** Who writes the order and watches for the report. */
  readonly role: string
  readonly order: HostOrder<I>
  readonly undoOrder?: HostOrder<I>
}

export interface HostOrder<I> {
  /** Reads what the host must know. Undefined: there is nothing to order, the step is done. Throws a Fault to refuse. */
  prepare(ctx: Context, tx: Tx, work: Work<I>): Promise<PreparedOrder | undefined>
  /** Takes the report in, in the transaction that ends the step; what it returns is the step's result. */
  report?(ctx: Context, tx: Tx, work: Work<I>, result: unknown): Promise<unknown>
  /** What a refusal by the host leads to: a step to go back to and try again from, or (undefined) the end. */
  refused?(ctx: Context, tx: Tx, work: Work<I>, fault: SagaFault): Promise<{ backTo: string } | undefined>
  /** Asked each time an answer is overdue: a Fault gives the host up; returning waits on and repeats the order. */
  overdue?(ctx: Context, tx: Tx, work: Work<I>): Promise<void>
}

export interface PreparedOrder {
  readonly mailbox: string
  /** What the host is told to do, in its own words; the step's name unless given. */
  readonly name?: string
  readonly body: unknown
}

/**
 * A step that does something else than SQL, and may take its time, such as fetching a file. It runs outside of any transaction under
 * the saga's claim, which is renewed meanwhile; what it returns is the step's result. When its worker dies it runs again elsewhere,
 * so it must leave nothing that another run would meet. A Fault is a definite refusal, any other error an outage.
 */
export interface LongStep<I> {
  readonly name: string
  readonly role: string
  /** `signal` aborts when nobody waits for what is done any more: somebody else holds the saga, or shall soon, since this process ends. */
  act(ctx: Context, work: Work<I>, signal: AbortSignal): Promise<unknown>
  /** Takes back what `act` did, as far as it is known to have ended; must be harmless when it did nothing. */
  undo?(ctx: Context, tx: Tx, work: Work<I>): Promise<void>
}

export type Step<I> = SqlStep<I> | OrderStep<I> | LongStep<I>

export interface SagaDefinition<I = any> {
  readonly kind: string
  readonly deadlineSeconds: number
  readonly steps: readonly Step<I>[]
  /** The end of a saga that unwound because of a fault, in its last transaction: the resource then says why. */
  failed?(ctx: Context, tx: Tx, work: Work<I>, fault: SagaFault): Promise<void>
}

/** Declares a saga as data. */
export function saga<I>(kind: string, options: Omit<SagaDefinition<I>, 'kind' | 'steps'>, steps: readonly Step<I>[]): SagaDefinition<I> {
  const names = new Set(steps.map((step) => step.name))
  if (names.size !== steps.length) throw new Error(`saga ${kind}: two steps have one name`)
  return { kind, ...options, steps }
}

export const isOrder = <I>(step: Step<I>): step is OrderStep<I> => 'order' in step

export const isLong = <I>(step: Step<I>): step is LongStep<I> => 'act' in step

/** All sagas that a program knows, by kind. */
export type SagaRegistry = ReadonlyMap<string, SagaDefinition>

export const registryOf = (sagas: readonly SagaDefinition[]): SagaRegistry =>
  new Map(sagas.map((definition) => [definition.kind, definition]))
