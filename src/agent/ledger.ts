import type { Clock } from '../kernel/clock.ts'
import type { Order, Report } from '../kernel/sagas/orders.ts'
import type { Notebook } from './notebook.ts'

/** The last order on a subject that a host took, and what came of it. */
export interface Entry {
  readonly host: string
  readonly subject: string
  readonly saga: string
  readonly step: number
  readonly fence: number
  readonly undo: boolean
  /** Milliseconds since 1970, when it was written. */
  readonly at: number
  /** Absent while the order is being carried out. */
  readonly outcome?: Pick<Report, 'result' | 'fault'>
}

/** What an order is, seen from what was done before: void, a repeat of what is done, or to be done. */
export type Verdict =
  | { readonly kind: 'void' }
  | { readonly kind: 'repeat'; readonly outcome: NonNullable<Entry['outcome']> }
  | { readonly kind: 'do' }

/** A host's memory of orders: the fences that it has seen, and the outcomes that it must be able to tell again. */
export interface Ledger {
  judge(host: string, order: Order): Verdict
  /** Notes that an order begins: from now on, those with a lower fence are void. */
  begin(host: string, order: Order): Promise<void>
  /** Notes what came of it. */
  settle(host: string, order: Order, outcome: NonNullable<Entry['outcome']>): Promise<void>
  /** The highest fence seen for a subject; 0 when there was none. */
  fenceOf(host: string, subject: string): number
  /** Forgets subjects without a guest that had no order for `days`. */
  forget(days: number, hasGuest: (host: string, subject: string) => boolean): Promise<void>
}

const keyOf = (host: string, subject: string): string => `${host}/${subject}`

export function openLedger(notes: Notebook<Entry>, clock: Clock): Ledger {
  const write = (host: string, order: Order, outcome?: Entry['outcome']) => {
    const { subject, saga, step, fence, undo } = order
    return notes.put(keyOf(host, subject), {
      host,
      subject,
      saga,
      step,
      fence,
      undo,
      at: clock.now().getTime(),
      ...(outcome && { outcome }),
    })
  }
  return {
    judge(host, order) {
      const seen = notes.get(keyOf(host, order.subject))
      if (!seen || order.fence > seen.fence) return { kind: 'do' }
      if (order.fence < seen.fence) return { kind: 'void' }
      const isSame = order.saga === seen.saga && order.step === seen.step && order.undo === seen.undo
      if (!isSame) return { kind: 'void' }
      return seen.outcome ? { kind: 'repeat', outcome: seen.outcome } : { kind: 'do' }
    },
    begin: (host, order) => write(host, order),
    settle: (host, order, outcome) => write(host, order, outcome),
    fenceOf: (host, subject) => notes.get(keyOf(host, subject))?.fence ?? 0,
    async forget(days, hasGuest) {
      const before = clock.now().getTime() - days * 86_400_000
      for (const [key, entry] of notes.entries()) if (entry.at < before && !hasGuest(entry.host, entry.subject)) await notes.remove(key)
    },
  }
}
