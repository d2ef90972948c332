import type { Duplex } from 'node:stream'

/**
 * Lets the requests of one connection run one after another: a client that pipelines two changes means them in that order, while
 * node would hand out both at once (RFC 9112, 9.3.2).
 */
export interface Turns {
  /** Runs the work when the connection's earlier works are done; false if too many wait already. */
  inTurn(connection: Duplex, work: () => Promise<void>): boolean
  busy(connection: Duplex): boolean
}

export function openTurns(maxWaiting: number): Turns {
  const waiting = new Map<Duplex, (() => Promise<void>)[]>()
  const run = async (connection: Duplex, first: () => Promise<void>) => {
    const queue: (() => Promise<void>)[] = []
    waiting.set(connection, queue)
    for (let work: typeof first | undefined = first; work; work = queue.shift()) await work()
    waiting.delete(connection)
  }
  return {
    inTurn: (connection, work) => {
      const queue = waiting.get(connection)
      if (!queue) void run(connection, work)
      else if (queue.length >= maxWaiting) return false
      else queue.push(work)
      return true
    },
    busy: (connection) => waiting.has(connection),
  }
}
