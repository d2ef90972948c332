import { call } from '../embedded/call.ts'
import { ports } from '../topology/render/ports.ts'

const askMs = 1_000

/**
 * Whether all of a database's nodes, at these addresses, are one cluster: each serves, and those that saw one go have seen it come back. A node that
 * was frozen answers as if nothing had happened, until it hears of it; the others know better.
 */
export async function databaseAgrees(database: string, addresses: readonly string[]): Promise<boolean> {
  if (database === 'patroni') return areOneFlow(await askAll<PatroniReport>(addresses, ports.patroni, '/patroni'), addresses.length)
  return (await askAll<GaleraReport>(addresses, ports.galeraCheck, '/state')).every((node) => knowsAll(node, addresses.length))
}

/** Whether the nodes at these addresses go on without one more that was of their cluster, of `members` in all. */
export async function databaseGoesOn(database: string, others: readonly string[], members: number): Promise<boolean> {
  if (database === 'patroni') return (await askAll<PatroniReport>(others, ports.patroni, '/patroni')).some(leads)
  return (await askAll<GaleraReport>(others, ports.galeraCheck, '/state')).some((node) => isRidOfOne(node, members))
}

async function askAll<T>(addresses: readonly string[], port: number, path: string): Promise<(T | undefined)[]> {
  const ask = async (address: string) => (await call(`http://${address}:${port}${path}`, { timeoutMs: askMs })).body as T
  return Promise.all(addresses.map((address) => ask(address).catch(() => undefined)))
}

/** What the keeper of a Galera node says of it, as far as it is read here. */
export interface GaleraReport {
  readonly state: string
  readonly members?: number
}

/** The keeper of an earlier release does not count. An arbitrator is a member too. */
export const knowsAll = (node: GaleraReport | undefined, nodes: number): boolean =>
  node?.state === 'primary' && (node.members === undefined || node.members >= nodes)

export const isRidOfOne = (node: GaleraReport | undefined, members: number): boolean =>
  node?.state === 'primary' && node.members !== undefined && node.members < members

/** What Patroni says of its own node; `replication` are those whom a primary sends its changes to. */
export interface PatroniReport {
  readonly role: string
  readonly state: string
  readonly replication?: readonly { readonly state: string }[]
}

const isUp = (node: PatroniReport | undefined): boolean => ['running', 'streaming'].includes(node?.state ?? '')

export const leads = (node: PatroniReport | undefined): boolean => isUp(node) && node?.role !== 'replica'

/** One primary, who sends its changes to all others. */
export function areOneFlow(reports: readonly (PatroniReport | undefined)[], nodes: number): boolean {
  const [leader, ...more] = reports.filter((one) => one !== undefined && one.role !== 'replica')
  const reached = leader?.replication?.filter(({ state }) => state === 'streaming') ?? []
  return more.length === 0 && reports.every(isUp) && leader !== undefined && reached.length >= nodes - 1
}
