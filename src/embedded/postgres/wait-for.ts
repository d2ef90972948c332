import { systemClock } from '../../kernel/clock.ts'

/** Asks `check` until it answers something else than undefined. Answers undefined when `timeoutMs` have passed without. */
export async function waitFor<T>(
  check: () => Promise<T | undefined> | T | undefined,
  { timeoutMs, everyMs = 10 }: { timeoutMs: number; everyMs?: number },
): Promise<T | undefined> {
  const deadlineMs = systemClock.monotonicMs() + timeoutMs
  for (;;) {
    const answer = await check()
    if (answer !== undefined || systemClock.monotonicMs() >= deadlineMs) return answer
    await systemClock.sleep(everyMs)
  }
}
