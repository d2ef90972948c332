import type { Clock } from './clock.ts'

/** Something that runs until it is stopped. */
export interface Background {
  /** Begins nothing new; resolves when what is under way has ended. */
  stop(): Promise<void>
}

/**
 * Does something again and again, with a pause between, until stopped.
 * @param pauseMs how long, in milliseconds; asked for each pause when it is a function
 * @param act tells of its failures itself: one that rejects ends the process
 */
export function againAndAgain(
  { clock }: { readonly clock: Clock },
  pauseMs: number | (() => number),
  act: () => Promise<void>,
): Background {
  const stopping = new AbortController()
  const acting = (async () => {
    while (!stopping.signal.aborted) {
      await act()
      await clock.sleep(typeof pauseMs === 'number' ? pauseMs : pauseMs(), stopping.signal).catch(() => {})
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await acting
    },
  }
}
