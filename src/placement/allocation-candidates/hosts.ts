import type { Db } from '../../kernel/sql/tables.ts'
import { placesFrom, placeAt } from '../resource-providers/place.ts'
import { wanted, type Resources } from '../resources.ts'

/** What a host must have. */
export interface HostRequest {
  readonly resources: Resources
  readonly requiredTraits?: readonly string[]
  readonly limit: number
  /** Where to begin among all hosts, from 0 to 1; `ctx.ids.chance()` spreads claims over all of them. */
  readonly beginAt?: number
}

/** A host with room. */
export interface HostCandidate {
  readonly id: string
  readonly name: string
  /** How much is left, by each resource class that was asked for. */
  readonly free: Resources
}

/**
 * Hosts that have room for all of it, the one with the most room first. Takes the first `limit` that fit, going round from `beginAt`, so its
 * cost does not grow with the number of hosts unless most of them are full.
 */
export async function hostCandidates(db: Db, { resources, requiredTraits = [], limit, beginAt = 0 }: HostRequest): Promise<HostCandidate[]> {
  const parts = wanted(resources)
  const start = placeAt(beginAt)
  const found: HostCandidate[] = []
  for (const [from, to] of placesFrom(start)) {
    if (found.length >= limit) break
    found.push(...(await hostsBetween(db, { parts, requiredTraits, limit: limit - found.length, from, to })))
  }
  return found.sort((one, other) => roomOf(other, parts) - roomOf(one, parts))
}

/** How many more of the same would fit. */
const roomOf = ({ free }: HostCandidate, parts: [string, number][]): number => Math.min(...parts.map(([resourceClass, amount]) => free[resourceClass]! / amount))

interface Search {
  readonly parts: [string, number][]
  readonly requiredTraits: readonly string[]
  readonly limit: number
  readonly from: number
  readonly to: number
}

async function hostsBetween(db: Db, { parts, requiredTraits, limit, from, to }: Search): Promise<HostCandidate[]> {
  let query: any = db
    .selectFrom('placement_providers as p')
    .select(['p.id', 'p.name'])
    .where('p.place', '>=', from)
    .where('p.place', '<', to)
    .orderBy('p.place')
    .limit(limit)
  for (const [index, [resourceClass, amount]] of parts.entries()) {
    const inventory = `i${index}`
    query = query
      .innerJoin(`placement_inventories as ${inventory}`, (join: any) =>
        join.onRef(`${inventory}.provider_id`, '=', 'p.id').on(`${inventory}.resource_class`, '=', resourceClass),
      )
      .select((eb: any) => eb(`${inventory}.capacity`, '-', eb.ref(`${inventory}.used`)).as(`free${index}`))
      .where(`${inventory}.capacity`, '>=', (eb: any) => eb(`${inventory}.used`, '+', amount))
      .where(`${inventory}.max_unit`, '>=', amount)
      .where(`${inventory}.min_unit`, '<=', amount)
      .where((eb: any) => eb(eb.fn('mod', [eb.val(amount), `${inventory}.step_size`]), '=', 0))
  }
  for (const [index, trait] of requiredTraits.entries()) {
    query = query.innerJoin(`placement_provider_traits as t${index}`, (join: any) =>
      join.onRef(`t${index}.provider_id`, '=', 'p.id').on(`t${index}.trait`, '=', trait),
    )
  }
  const rows: Record<string, any>[] = await query.execute()
  return rows.map((row) => ({ id: row.id, name: row.name, free: Object.fromEntries(parts.map(([resourceClass], index) => [resourceClass, Number(row[`free${index}`])])) }))
}
