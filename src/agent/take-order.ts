import { Fault } from '../kernel/errors.ts'
import type { Log } from '../kernel/log.ts'
import type { Order, Report } from '../kernel/sagas/orders.ts'
import { carryOut } from './carry-out.ts'
import type { Driver } from './drivers/driver.ts'
import type { Ledger } from './ledger.ts'

export interface OrderTaker {
  /** Takes an order; resolves once its report is confirmed, or the order is void. Rejects when it must be delivered again. */
  take(host: string, order: Order): Promise<void>
}

interface Running {
  readonly fence: number
  readonly abort: AbortController
  readonly done: Promise<unknown>
}

interface Answer {
  readonly report: Report
  /** The order came again, so its first report may not have arrived. */
  readonly again: boolean
}

/** Takes orders one at a time for each guest. An order with a higher fence ends the one that is being carried out. */
export function openOrderTaker({
  driver,
  ledger,
  report,
  log,
}: {
  driver: Driver
  ledger: Ledger
  report: (body: Report, again: boolean) => Promise<void>
  log: Log
}): OrderTaker {
  const running = new Map<string, Running>()

  const perform = async (host: string, order: Order, signal: AbortSignal): Promise<Answer | undefined> => {
    const { saga, step, fence, undo } = order
    const answer = (outcome: Pick<Report, 'result' | 'fault'>, again = false): Answer => ({
      report: { saga, step, fence, undo, ...outcome },
      again,
    })
    const verdict = ledger.judge(host, order)
    if (verdict.kind === 'void') log.info({ host, order: order.name, subject: order.subject, fence }, 'an order is void')
    if (verdict.kind === 'void') return undefined
    if (verdict.kind === 'repeat') return answer(verdict.outcome, true)
    await ledger.begin(host, order)
    const outcome = await outcomeOf(driver, host, order, signal)
    if (!outcome) return undefined
    await ledger.settle(host, order, outcome)
    return answer(outcome)
  }

  return {
    async take(host, order) {
      const key = `${host}/${order.subject}`
      for (let before = running.get(key); before; before = running.get(key)) {
        if (before.fence < order.fence) before.abort.abort()
        await before.done.catch(() => {})
      }
      const abort = new AbortController()
      const work = perform(host, order, abort.signal)
      const mine: Running = { fence: order.fence, abort, done: work }
      running.set(key, mine)
      const answer = await work.finally(() => running.delete(key))
      if (answer) await report(answer.report, answer.again)
    },
  }
}

/** What came of an order: a result, or the host's refusal. Undefined: a newer order ended it. */
async function outcomeOf(
  driver: Driver,
  host: string,
  order: Order,
  signal: AbortSignal,
): Promise<Pick<Report, 'result' | 'fault'> | undefined> {
  try {
    return { result: await carryOut(driver, host, order, signal) }
  } catch (error) {
    if (signal.aborted) return undefined
    if (error instanceof Fault) return { fault: { kind: error.kind, message: error.message } }
    throw error
  }
}
