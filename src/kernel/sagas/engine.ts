import type { Context } from '../context.ts'
import type { SagaDefinition, SagaRegistry, Step, Work } from './saga.ts'
import type { SagaRow } from './tables.ts'

/** What one process brings to the work. */
export interface Engine {
  readonly registry: SagaRegistry
  /** The roles that this process plays. */
  readonly roles: ReadonlySet<string>
  /** Whether this process takes in what hosts report. */
  readonly takesReports: boolean
  /** Aborts when the process takes no more work: long steps are left to somebody else then. */
  readonly stopping?: AbortSignal
  /** Told of every moment between two acts, so that a test can end the process there. */
  readonly probe?: (moment: Moment) => Promise<void> | void
}

export interface Moment {
  readonly kind: string
  readonly subject: string
  readonly step: string
  readonly phase: 'before' | 'after' | 'before undo' | 'after undo' | 'before order' | 'after order'
}

/** Someone else holds the saga now: whatever was done under the old claim is void. */
export class Stale extends Error {
  constructor(row: Pick<SagaRow, 'id'>) {
    super(`saga ${row.id} moved on`)
    this.name = 'Stale'
  }
}

/** The saga that a row is of. A kind that nobody has declared is a bug. */
export function definitionOf(engine: Engine, row: Pick<SagaRow, 'kind'>): SagaDefinition {
  const definition = engine.registry.get(row.kind)
  if (!definition) throw new Error(`no saga is called ${row.kind}`)
  return definition
}

/** The step that a row stands at. */
export function stepOf(engine: Engine, row: Pick<SagaRow, 'kind' | 'step'>): Step<any> {
  const step = definitionOf(engine, row).steps[row.step]
  if (!step) throw new Error(`saga ${row.kind} has no step ${row.step}`)
  return step
}

export const workOf = (row: SagaRow): Work => ({
  id: row.id,
  subject: row.subject,
  input: row.input_json,
  results: row.results_json,
  fence: row.fence,
  attempts: row.attempts,
  ...(row.fault_json && { fault: row.fault_json }),
})

/** Tells the engine's probe, if it has one, where the row is now. */
export async function probe(engine: Engine, row: SagaRow, phase: Moment['phase']): Promise<void> {
  if (engine.probe) await engine.probe({ kind: row.kind, subject: row.subject, step: stepOf(engine, row).name, phase })
}

/** The pause before another attempt, in seconds: 0.1, 0.2, … up to 10. */
export const pauseSeconds = (ctx: Context, attempts: number): number =>
  Math.min(0.1 * 2 ** Math.max(0, attempts - 1), 10) * (0.75 + ctx.ids.chance() / 2)
