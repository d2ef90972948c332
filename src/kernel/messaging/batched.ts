const maxWaiting = 10_000

interface Waiting<Item> {
  readonly item: Item
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Runs items in batches: the first at once, and all that come meanwhile (up to `max`) together as the next batch. So one commit
 * serves many callers under load, and nobody waits without load. All of a batch share its fate. At most 10,000 wait.
 */
export function batched<Item>(max: number, run: (items: readonly Item[]) => Promise<void>): (item: Item) => Promise<void> {
  const waiting: Waiting<Item>[] = []
  let running = false

  async function pump() {
    running = true
    while (waiting.length > 0) {
      const batch = waiting.splice(0, max)
      try {
        await run(batch.map(({ item }) => item))
        for (const one of batch) one.resolve()
      } catch (error) {
        for (const one of batch) one.reject(error)
      }
    }
    running = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= maxWaiting) return reject(new Error('too many messages wait for the queue'))
      waiting.push({ item, resolve, reject })
      if (!running) void pump()
    })
}
