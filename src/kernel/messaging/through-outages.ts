import type { Clock, Ids } from '../clock.ts'
import type { Kept, Session } from './keep-open.ts'
import { DeadlinePassed, pauseMs } from './waiting.ts'

interface Ways<S> {
  readonly line: Kept<S>
  readonly clock: Clock
  readonly ids: Ids
  readonly timeoutMs: number
  /** Whether the queue itself said no: it would say so again. */
  readonly isRefusal?: (error: unknown) => boolean
}

/**
 * Sends, and once more on the next connection when one is lost, for as long as `timeoutMs`. What was on its way when the connection was
 * lost may so arrive twice, which a mailbox may do. Rejects with what the last attempt met.
 */
export async function throughOutages<S extends Session>(
  { line, clock, ids, timeoutMs, isRefusal = () => false }: Ways<S>,
  send: (session: S, leftMs: number) => Promise<unknown>,
): Promise<void> {
  const start = clock.monotonicMs()
  const leftMs = () => timeoutMs - (clock.monotonicMs() - start)
  for (let attempt = 1; ; attempt++) {
    const session = await line.ready(leftMs())
    try {
      await send(session, leftMs())
      return
    } catch (error) {
      const waitMs = pauseMs(ids, attempt)
      if (error instanceof DeadlinePassed || isRefusal(error) || leftMs() <= waitMs) throw error
      await clock.sleep(waitMs)
    }
  }
}
