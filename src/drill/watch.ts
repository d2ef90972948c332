import type { Caller } from './calls.ts'
import type { DrillContext } from './context.ts'
import type { Ledger } from './ledger.ts'
import { readAll } from './read-all.ts'

export interface Watching {
  stop(): Promise<void>
}

/** Looks again and again, with a pause of `everyMs` between, until stopped. */
export function lookAgain({ clock }: Pick<DrillContext, 'clock'>, everyMs: number, look: () => Promise<void>): Watching {
  const stopping = new AbortController()
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await look()
      await clock.sleep(everyMs, stopping.signal).catch(() => {})
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await loop
    },
  }
}

/** How often to look, in milliseconds: recovery is measured no finer. */
const everyMs = 50

/** Looks at the servers again and again and writes into the ledger when each became ACTIVE or went away. */
export function startWatching({ clock }: Pick<DrillContext, 'clock'>, { call, ledger }: { call: Caller; ledger: Ledger }): Watching {
  const look = async () => {
    const askedMs = clock.monotonicMs()
    const servers = await readAll(call, '/compute/v2.1/servers/detail?limit=1000', 'servers')
    if (!servers) return
    const seenMs = clock.monotonicMs()
    const seen = new Map(servers.map((server) => [server.id as string, server as { status: string; fault?: { message: string } }]))
    for (const server of ledger.asked) {
      if (server.kind !== 'server' || server.id === undefined || server.goneMs !== undefined) continue
      const { status: state, fault } = seen.get(server.id) ?? {}
      if (state === 'ACTIVE') server.readyMs ??= seenMs
      if (state === 'ERROR') {
        server.errorMs ??= seenMs
        server.errorWhy ??= fault?.message ?? 'no fault is told'
      }
      if (state === undefined && server.deleteAcceptedMs !== undefined && server.deleteAcceptedMs < askedMs) server.goneMs = seenMs
    }
  }
  return lookAgain({ clock }, everyMs, look)
}
