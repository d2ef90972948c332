import type { Clock } from '../kernel/clock.ts'

/** Looks again and again until it is so; false when `timeoutMs` have passed without. Rejects when the signal aborts. */
export async function eventually(
  { clock, signal }: { clock: Clock; signal?: AbortSignal },
  isSo: () => boolean | Promise<boolean>,
  { timeoutMs, everyMs = 20 }: { timeoutMs: number; everyMs?: number },
): Promise<boolean> {
  const deadlineMs = clock.monotonicMs() + timeoutMs
  while (!(await isSo())) {
    if (clock.monotonicMs() >= deadlineMs) return false
    await clock.sleep(everyMs, signal)
  }
  return true
}
