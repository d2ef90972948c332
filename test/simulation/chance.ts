import type { Ids } from '../../src/kernel/clock.ts'

/** Chance that is the same for the same seed. */
export interface Chance {
  /** A number in [0, 1). */
  next(): number
  /** An integer from 0 to below `limit`. */
  below(limit: number): number
  /** Whether something of this probability happens. */
  happens(probability: number): boolean
  /** One of them. Throws when there is none. */
  oneOf<T>(choices: readonly T[]): T
  /** Chance of its own, so that drawing from one does not change the other. */
  branch(name: string): Chance
}

/** mulberry32: small, fast, and good enough to choose among schedules. */
export function chanceOf(seed: number): Chance {
  let state = (seed * 0x9e3779b1) >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    happens: (probability) => next() < probability,
    oneOf: (choices) => {
      if (choices.length === 0) throw new Error('there is nothing to choose from')
      return choices[below(choices.length)]!
    },
    branch: (name) => chanceOf(Buffer.from(name).reduce((hash, letter) => (Math.imul(hash, 31) + letter) | 0, seed + 17)),
  }
}

/** Identities drawn from chance. */
export function idsOf(chance: Chance): Ids {
  const bytes = (length: number) => Buffer.from(Array.from({ length }, () => chance.below(256)))
  const hex = () => {
    const text = bytes(16).toString('hex')
    return `${text.slice(0, 12)}4${text.slice(13, 16)}a${text.slice(17)}`
  }
  const uuid = () => hex().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return { uuid, hex, chance: () => chance.next(), bytes }
}
