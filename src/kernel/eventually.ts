import type { Clock } from './clock.ts'

/**
 * Looks again and again until there is an answer: anything but undefined and false, which mean "not yet". Resolves with it, or with undefined when
 * `timeoutMs` have passed without. Rejects when a look does, or when the signal aborts.
 */
export async function eventually<T>(
  { clock, signal }: { readonly clock: Clock; readonly signal?: AbortSignal },
  look: () => T | Promise<T>,
  { timeoutMs, everyMs = 20 }: { timeoutMs: number; everyMs?: number },
): Promise<Exclude<T, false | undefined> | undefined> {
  const deadlineMs = clock.monotonicMs() + timeoutMs
  for (;;) {
    const answer = await look()
    if (answer !== undefined && answer !== false) return answer as Exclude<T, false | undefined>
    if (clock.monotonicMs() >= deadlineMs) return undefined
    await clock.sleep(everyMs, signal)
  }
}
