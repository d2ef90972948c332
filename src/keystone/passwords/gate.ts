import { unavailable } from '../../kernel/errors.ts'

/** Lets so many run at once; the others wait in line, up to `maxWaiting`, after which it refuses with `unavailable`. */
export function openGate({ atOnce, maxWaiting }: { atOnce: number; maxWaiting: number }): <T>(run: () => Promise<T>) => Promise<T> {
  const line: (() => void)[] = []
  let running = 0
  return async (run) => {
    if (running >= atOnce) {
      if (line.length >= maxWaiting) throw unavailable('Too many log-ins wait at the moment.', { retryAfterSeconds: 2 })
      await new Promise<void>((resolve) => line.push(resolve))
    } else running++
    try {
      return await run()
    } finally {
      // Who comes next takes over the place; only an empty line gives it back.
      const next = line.shift()
      if (next) next()
      else running--
    }
  }
}
