import { inspect } from 'node:util'

/** How long to wait and what for; `what` completes the sentence "gave up waiting for …". */
export interface UntilOptions {
  readonly timeoutMs?: number
  readonly everyMs?: number
  readonly what?: string
}

/**
 * Looks again and again until `condition` gives something true, and returns it. A condition that throws counts as "not yet".
 * Rejects after `timeoutMs` (10 s) with what was seen last, so that a failed test tells why. A single look that hangs is cut off too.
 */
export async function until<T>(condition: () => T | Promise<T>, options: UntilOptions = {}): Promise<NonNullable<T>> {
  const { timeoutMs = 10_000, everyMs = 20, what = condition.toString() } = options
  const start = performance.now()
  const leftMs = () => timeoutMs - (performance.now() - start)
  let last: { value?: unknown; error?: unknown } = {}
  let looks = 0
  do {
    looks++
    try {
      const value = await within(leftMs(), condition)
      if (value) return value
      last = { value }
    } catch (error) {
      last = { error }
    }
    await pause(Math.min(everyMs, Math.max(0, leftMs())))
  } while (leftMs() > 0)
  const seen = 'error' in last ? `it threw ${inspect(last.error, { depth: 1 })}` : `it gave ${inspect(last.value, { depth: 3 })}`
  throw new Error(`gave up waiting for ${what} after ${timeoutMs} ms and ${looks} looks; at last ${seen}`, { cause: last.error })
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

async function within<T>(ms: number, look: () => T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const cut = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the look itself did not end in time')), Math.max(1, ms))
  })
  try {
    return await Promise.race([Promise.resolve().then(look), cut])
  } finally {
    clearTimeout(timer)
  }
}
