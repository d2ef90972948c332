/** Takes one of several. Throws when there is none. */
export type Choose = <T>(choices: readonly T[]) => T

function at<T>(choices: readonly T[], index: number): T {
  if (choices.length === 0) throw new Error('there is nothing to choose from')
  return choices[index % choices.length]!
}

/** At random, and the same for the same seed. */
export function randomly(seed: number): Choose {
  // mulberry32: small, and good enough to choose a victim.
  let state = (seed * 0x9e3779b1) >>> 0
  return (choices) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return at(choices, Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * choices.length))
  }
}

/** One after the other, so that each of so many has its turn. */
export function inTurn(): Choose {
  const turns = new Map<number, number>()
  return (choices) => {
    const turn = turns.get(choices.length) ?? 0
    turns.set(choices.length, turn + 1)
    return at(choices, turn)
  }
}
