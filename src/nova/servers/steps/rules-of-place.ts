import { groupOfServer, takeTurn, type ServerGroup } from '../../server-groups/store.ts'
import { hostsOfServers } from '../store.ts'
import type { Tx } from '../../../kernel/sql/tables.ts'
import type { Host } from '../../hosts/store.ts'
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
  /** The more, the better. */
  preference(host: Host): number
}

/** Reads the rules for one server: its zone, the hosts that refused it, its hints, and its group. */
export async function rulesOfPlace(tx: Tx, server: ServerRow, hints: SchedulerHints): Promise<RulesOfPlace> {
  const { differentHost = [], sameHost = [] } = hints
  const joined = await groupOfServer(tx, server.id)
  if (joined) await takeTurn(tx, joined.id)
  const group = joined && (await groupOfServer(tx, server.id))
  const members = group?.members.filter((id) => id !== server.id) ?? []
  const hosts = await hostsOfServers(tx, [...differentHost, ...sameHost, ...members])
  const away = new Set([...server.refusals_json, ...differentHost.map((id) => hosts.get(id))])
  const near = new Set(sameHost.map((id) => hosts.get(id)))
  const inGroup = rulesOfGroup(
    group,
    members.flatMap((id) => hosts.get(id) ?? []),
  )
  return {
    forced: server.wanted_host ?? undefined,
    allows: (host) =>
      (server.wanted_zone === null || host.zone === server.wanted_zone) &&
      !away.has(host.name) &&
      (near.size === 0 || near.has(host.name)) &&
      inGroup.allows(host),
    preference: inGroup.preference,
  }
}

/** `taken`: the hosts of the other members, each as often as it has one. */
function rulesOfGroup(group: ServerGroup | undefined, taken: readonly string[]): Pick<RulesOfPlace, 'allows' | 'preference'> {
  const count = (host: Host) => taken.filter((name) => name === host.name).length
  const free = { allows: () => true, preference: () => 0 }
  switch (group?.policy) {
    case 'affinity':
      return { ...free, allows: (host) => taken.length === 0 || count(host) > 0 }
    case 'anti-affinity':
      return { ...free, allows: (host) => count(host) < (group.maxPerHost ?? 1) }
    case 'soft-affinity':
      return { ...free, preference: count }
    case 'soft-anti-affinity':
      return { ...free, preference: (host) => -count(host) }
    default:
      return free
  }
}
