import { createHash } from 'node:crypto'

const places = 2 ** 30

/** Where a provider stands among all, from 0 to 2^30 - 1: as good as random, and always the same for its id. */
export const placeOf = (id: string): number => createHash('sha256').update(id).digest().readUInt32BE() >>> 2

/** The place at a fraction of the whole way. */
export const placeAt = (fraction: number): number => Math.floor(fraction * places) % places

/** All places, going once round from `start`, as two stretches [from, to). */
export const placesFrom = (start: number): [from: number, to: number][] => [
  [start, places],
  [0, start],
]
