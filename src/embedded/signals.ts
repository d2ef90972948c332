/** Resolves with the first signal that asks this process to end. Later ones are ignored: the end has begun, and has a deadline. */
export function untilSignalled(signals: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP']): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of signals) process.on(signal, () => resolve(signal))
  })
}
