import type { ColumnType, Selectable } from 'kysely'
import type { Json } from '../sql/tables.ts'

/** `running` goes forward, `unwinding` backward; `done` and `undone` are over. */
export type SagaState = 'running' | 'unwinding' | 'done' | 'undone'

interface SagasTable {
  id: string
  kind: string
  subject: string
  /** The subject while the saga is active, null after: a unique key, so a subject has one active saga at most. */
  active_subject: string | null
  state: SagaState
  step: number
  /** Whose turn it is; empty when the saga is over, so that the index of due work holds only work. */
  role: string
  input_json: Json<any>
  results_json: Json<Record<string, any>>
  /** Why it unwinds. */
  fault_json: Json<SagaFault> | null
  /** When unwinding comes to this step, the saga goes forward again from it; -1: it unwinds to the end. */
  unwind_to: number
  /** What to start when this saga has unwound, in the same transaction. */
  next_json: Json<NextSaga> | null
  /** Counts every change: the fencing token of a claim. Starts above the last saga's of the same subject. */
  revision: number
  /** The revision at which the current step was entered: orders to a host carry it, and reports must match it. */
  fence: number
  attempts: number
  /** Nobody may claim it before: a lease while someone works, a pause after a failure. */
  due_at: ColumnType<Date, any, any>
  deadline_at: ColumnType<Date, any, any>
  request_id: string
  created_at: ColumnType<Date, any, never>
  finished_at: ColumnType<Date | null, any, any>
}

export type SagaRow = Selectable<SagasTable>

export interface SagaFault {
  readonly kind: string
  readonly message: string
}

export interface NextSaga {
  readonly kind: string
  readonly input: unknown
  readonly requestId: string
}

declare module '../sql/tables.ts' {
  interface Tables {
    kernel_sagas: SagasTable
  }
}
