import type { Context } from '../../../kernel/context.ts'
import type { Tx } from '../../../kernel/sql/tables.ts'
import type { Host } from '../../hosts/store.ts'
import { hostsOfServers } from '../store.ts'
import type { ServerRow } from '../tables.ts'

/** What the user said of other servers. */
export interface SchedulerHints {
  readonly differentHost?: readonly string[]
  readonly sameHost?: readonly string[]
}

/** Where a server may go. */
export interface RulesOfPlace {
  /** The one host that an administrator named; nothing else counts then. */
  readonly forced: string | undefined
  allows(host: Host): boolean
}

/** Reads the rules for one server: its zone, the hosts that refused it, and its hints. */
export async function rulesOfPlace(_ctx: Context, tx: Tx, server: ServerRow, hints: SchedulerHints): Promise<RulesOfPlace> {
  const { differentHost = [], sameHost = [] } = hints
  const hosts = await hostsOfServers(tx, [...differentHost, ...sameHost])
  const away = new Set([...server.refusals_json, ...differentHost.map((id) => hosts.get(id))])
  const near = new Set(sameHost.map((id) => hosts.get(id)))
  return {
    forced: server.wanted_host ?? undefined,
    allows: (host) =>
      (server.wanted_zone === null || host.zone === server.wanted_zone) && !away.has(host.name) && (near.size === 0 || near.has(host.name)),
  }
}
