import { invalid } from '../../kernel/errors.ts'
import { pythonRepr } from '../../cloud/schema-words.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { readAddress } from '../ipam/addresses.ts'
import { holds, readPrefix } from '../prefixes.ts'
import { invalidAttribute } from '../refusals.ts'
import type { Route } from '../routing-tables.ts'
import { joinedBy, reachedSubnets } from './joined.ts'

/** How many routes a router may have. */
const maxRoutes = 30

const keyOf = ({ destination, nexthop }: Route): string => `${destination} ${nexthop}`

/** Routes as they are kept: a prefix in its usual form, an address in its usual form, none twice. */
export function readRoutes(routes: readonly Route[]): Route[] {
  const read = routes.map(({ destination, nexthop }) => {
    const prefix = readPrefix(destination)
    if (!prefix || !destination.includes('/')) throw invalidAttribute('routes', `'${destination}' is not a valid IP subnet.`)
    const address = readAddress(nexthop)
    if (!address) throw invalidAttribute('routes', `'${nexthop}' is not a valid IP address.`)
    return { destination: prefix.text, nexthop: address.text }
  })
  const twice = read.find((route, index) => read.findIndex((other) => keyOf(other) === keyOf(route)) !== index)
  if (twice) throw invalidAttribute('routes', `Duplicate hostroute '${pythonRepr(twice)}'.`)
  return read
}

/** Refuses routes whose next hop the router can't reach, or is the router itself. */
export async function assertRoutable(db: Db, routerId: string, routes: readonly Route[]): Promise<void> {
  if (routes.length === 0) return
  if (routes.length > maxRoutes) {
    const text = `Unable to complete operation for ${routerId}. The number of routes exceeds the maximum ${maxRoutes}.`
    throw invalid(text, { type: 'RoutesExhausted' })
  }
  const joined = await joinedBy(db, routerId)
  const own = new Set(joined.addresses.map((held) => held.address))
  const subnets = await reachedSubnets(db, joined)
  const refuse = (reason: string) => invalid(`Invalid format for routes: ${pythonRepr(routes)}, ${reason}`, { type: 'InvalidRoutes' })
  for (const { nexthop } of routes) {
    if (!subnets.some((subnet) => holds(readPrefix(subnet.cidr)!, nexthop))) throw refuse('the nexthop is not connected with router')
    if (own.has(nexthop)) throw refuse('the nexthop is used by router')
  }
}

/** The routes with these added, or without these; one that is there, or not there, already is no matter. */
export const withRoutes = (routes: readonly Route[], added: readonly Route[]): Route[] => [
  ...routes,
  ...added.filter((route) => !routes.some((known) => keyOf(known) === keyOf(route))),
]
export const withoutRoutes = (routes: readonly Route[], removed: readonly Route[]): Route[] =>
  routes.filter((route) => !removed.some((gone) => keyOf(gone) === keyOf(route)))
