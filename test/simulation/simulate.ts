import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { playSchedule, type Sabotage, type Story } from './schedule.ts'
import { openWorld, type World } from './world.ts'

const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise)

/** Which schedules a run plays: SKYKEEL_SIMULATION_SEED plays one, SKYKEEL_SIMULATION_RUNS says how many, SKYKEEL_SIMULATION_FROM the first. */
function seedsOf({ first, every }: { first: number; every: number }): number[] {
  const one = number('SKYKEEL_SIMULATION_SEED', 0)
  if (one > 0) return first === 1 ? [one] : []
  const from = number('SKYKEEL_SIMULATION_FROM', 1)
  const runs = number('SKYKEEL_SIMULATION_RUNS', process.env.CI ? 800 : 200)
  return Array.from({ length: runs }, (_, index) => from + index).filter((_, index) => index % every === first - 1)
}

/** A world for all tests around. */
export function useWorld(): () => World {
  let world: World | undefined
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world?.close())
  return () => world!
}

// A schedule that is not well: what it did can be read, and done again.
function tell({ seed, wrong, trace }: Story): string {
  const file = join(tmpdir(), `skykeel-simulation-${seed}.log`)
  writeFileSync(file, `${trace.join('\n')}\n\n${wrong.join('\n')}\n`)
  return [
    `seed ${seed}:`,
    ...wrong,
    `Its story is in ${file}. To play it again: SKYKEEL_SIMULATION_SEED=${seed} npm test -- test/simulation`,
  ].join('\n')
}

/** How many unwell schedules are told before a run ends early. */
const enough = 5

/** Plays every `every`th schedule of a run, from its `first`: the files that share a run play side by side. */
export function simulate(share: { first: number; every: number }): void {
  const seeds = seedsOf(share)
  describe.runIf(seeds.length > 0)('the whole control plane', () => {
    const world = useWorld()
    test(
      `keeps its promise in ${seeds.length} schedules with crashes, from seed ${seeds[0]}`,
      { timeout: 30_000 + seeds.length * 5000 },
      async () => {
        const unwell: string[] = []
        const blows = new Map<string, number>()
        for (const seed of seeds) {
          const story = await playSchedule(world(), seed)
          for (const { blow, kind } of story.dealt) blows.set(`${blow} a ${kind}`, (blows.get(`${blow} a ${kind}`) ?? 0) + 1)
          if (story.wrong.length > 0) unwell.push(tell(story))
          if (unwell.length >= enough) break
        }
        expect(unwell.join('\n\n')).toBe('')
        // A run of some length has dealt every blow to the moments that matter most.
        if (seeds.length >= 500)
          expect([...blows.keys()]).toEqual(
            expect.arrayContaining(['dies before a commit', 'dies after a commit', 'line breaks after a commit']),
          )
      },
    )
  })
}

/** Plays schedules on a broken control plane until one is unwell; says how many that took, and what was wrong. */
export async function untilNoticed(world: World, sabotage: Sabotage, schedules: number): Promise<Story | undefined> {
  for (let seed = 1; seed <= schedules; seed++) {
    const story = await playSchedule(world, seed, sabotage)
    if (story.wrong.length > 0) return story
  }
  return undefined
}
