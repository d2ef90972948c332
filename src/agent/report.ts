import type { Clock, Ids } from '../kernel/clock.ts'
import type { Log } from '../kernel/log.ts'
import type { Messaging } from '../kernel/messaging/messaging.ts'
import { reportsMailbox } from '../kernel/sagas/reports-mailbox.ts'
import type { Report } from '../kernel/sagas/orders.ts'

const longestPauseMs = 5000

/**
 * Sends reports, each again and again until it is confirmed. Rejects only when the agent stops before that. `again`: one like it was sent
 * before, and has not been heard.
 */
export function reporter(options: { messaging: Messaging; log: Log; clock: Clock; ids: Ids; signal: AbortSignal }) {
  const { messaging, log, clock, ids, signal } = options
  return async (body: Report, again: boolean): Promise<void> => {
    const id = ids.uuid()
    for (let attempt = 1; ; attempt++) {
      try {
        await messaging.send(reportsMailbox, { id, body, again })
        return
      } catch (error) {
        log.warn(
          { saga: body.saga, step: body.step, attempt, reason: (error as Error).message },
          'a report is not confirmed and will be sent again',
        )
        await clock.sleep(Math.min(100 * 2 ** attempt, longestPauseMs) * (0.75 + ids.chance() / 2), signal)
      }
    }
  }
}
