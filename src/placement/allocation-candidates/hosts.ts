import type { Db } from '../../kernel/sql/tables.ts'
import { placeAt, placesFrom } from '../resource-providers/place.ts'
import { wanted, type Resources } from '../resources.ts'
import { freeAmong, providersAt, withTraits } from './host-store.ts'

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
export async function hostCandidates(db: Db, request: HostRequest): Promise<HostCandidate[]> {
  const parts = wanted(request.resources)
  const found: HostCandidate[] = []
  for await (const batch of walk(db, placeAt(request.beginAt ?? 0), request.limit)) {
    found.push(...(await fitting(db, batch, parts, request.requiredTraits ?? [])))
    if (found.length >= request.limit) break
  }
  return found.slice(0, request.limit).toSorted((one, other) => roomOf(other, parts) - roomOf(one, parts))
}

type Host = Pick<HostCandidate, 'id' | 'name'>

/** Hosts read at once. */
const most = 1024

/** All hosts, once round from `start`, in batches that grow: a few suffice in a cloud with room, and a full one is walked in few steps. */
async function* walk(db: Db, start: number, limit: number): AsyncGenerator<Host[]> {
  let size = Math.min(Math.max(32, 2 * limit), most)
  for (const [from, to] of placesFrom(start)) {
    for (let at = from; ;) {
      const batch = await providersAt(db, at, to, size)
      if (batch.length > 0) yield batch
      if (batch.length < size) break
      at = batch.at(-1)!.place + 1
      size = Math.min(4 * size, most)
    }
  }
}

async function fitting(
  db: Db,
  batch: readonly Host[],
  parts: readonly [string, number][],
  traits: readonly string[],
): Promise<HostCandidate[]> {
  const free = await freeAmong(
    db,
    batch.map(({ id }) => id),
    parts,
  )
  const roomy = batch.filter(({ id }) => Object.keys(free.get(id) ?? {}).length === parts.length)
  const fit =
    traits.length === 0
      ? undefined
      : await withTraits(
          db,
          roomy.map(({ id }) => id),
          traits,
        )
  return roomy.filter(({ id }) => fit?.has(id) ?? true).map(({ id, name }) => ({ id, name, free: free.get(id) ?? {} }))
}

/** How many more of the same would fit. */
const roomOf = ({ free }: HostCandidate, parts: readonly [string, number][]): number =>
  Math.min(...parts.map(([resourceClass, amount]) => free[resourceClass]! / amount))
