import type { Db } from './tables.ts'

interface Reads<T> {
  readonly running: Map<string, Promise<T>>
  readonly waiting: Map<string, Promise<T>>
}

/**
 * Joins equal reads, so that many who ask for the same at the same time cost the database one statement. Who asks while a read of
 * this key runs gets the next one, together with all who ask until that begins. So a read always begins after it was asked for:
 * nobody sees less than they would have seen alone. The key must name everything that the result depends on.
 */
export function joinedReads<T>(): (db: Db, key: string, read: () => Promise<T>) => Promise<T> {
  const ofPool = new WeakMap<Db, Reads<T>>()
  return (db, key, read) => {
    let reads = ofPool.get(db)
    if (!reads) ofPool.set(db, (reads = { running: new Map(), waiting: new Map() }))
    const { running, waiting } = reads
    const begin = (): Promise<T> => {
      const run = read().finally(() => running.delete(key))
      running.set(key, run)
      return run
    }
    const before = running.get(key)
    if (!before) return begin()
    const joined = waiting.get(key)
    if (joined) return joined
    const next = before.then(
      () => {},
      () => {},
    )
    const mine = next.then(() => {
      waiting.delete(key)
      return begin()
    })
    waiting.set(key, mine)
    return mine
  }
}
