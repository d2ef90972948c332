import { againAndAgain, type Background } from '../kernel/again-and-again.ts'
import type { Caller } from './calls.ts'
import type { DrillContext } from './context.ts'
import type { Ledger } from './ledger.ts'
import { readAll } from './read-all.ts'

/** How often to look, in milliseconds: recovery is measured no finer. */
const everyMs = 50

/** Looks at the servers again and again and writes into the ledger when each became ACTIVE or went away. */
export function startWatching({ clock }: Pick<DrillContext, 'clock'>, { call, ledger }: { call: Caller; ledger: Ledger }): Background {
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
  return againAndAgain({ clock }, everyMs, look)
}
