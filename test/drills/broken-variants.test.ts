import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { randomly } from '../../src/drill/choose.ts'
import { drill } from '../../src/drill/drill.ts'
import { embeddedTarget } from '../../src/drill/embedded-target.ts'
import type { Report } from '../../src/drill/report.ts'
import { scenarios } from '../../src/drill/scenarios/all.ts'
import { systemClock, systemIds } from '../../src/kernel/clock.ts'
import { type EmbeddedCloud, startEmbeddedCloud } from '../helpers/embedded-cloud.ts'
import { copyProgram, type Edit, edited } from './broken-program.ts'
import { variants } from './variants.ts'

// A tester that never finds anything proves nothing: each of these programs breaks one rule on which the promise rests, and runs for real.
vi.setConfig({ testTimeout: 300_000 })
// One copy for all: what they have in common is compiled once.
const program = copyProgram()
let cloud: EmbeddedCloud | undefined
afterEach(async () => {
  await cloud?.down()
  cloud = undefined
})
afterAll(() => program.remove())

/** Drills a fresh cloud of this program with these edits, a blow of each scenario. */
async function drillWith(edits: readonly Edit[], names: readonly string[], { settleMs }: { settleMs: number }): Promise<Report> {
  program.breakBy(edits)
  cloud = await startEmbeddedCloud({ program: program.folder })
  const target = (await embeddedTarget({ clock: systemClock }, cloud.stateDir))!
  const ctx = { clock: systemClock, ids: systemIds, signal: new AbortController().signal, say: () => {} }
  const next = (struck: number) => scenarios.find(({ name }) => name === names[struck])
  const plan = { scenario: 'variants', seed: 1, choose: randomly(1), next }
  // Everything goes with the cloud, so that nobody needs to wait until it is cleared.
  return drill(ctx, { target, plan, budgetMs: 30_000, settleMs, clearMs: 0 })
}

describe('the drill finds a promise broken by a program that', () => {
  test.each(variants.map((one) => [one.name, one] as const))('%s', async (_, { breaks, harmless = [], edits, scenario, broken }) => {
    const { totals } = await drillWith([...harmless, ...edits], [scenario], { settleMs: 3_000 })
    expect(
      broken.filter((name) => totals[name] > 0),
      `${breaks} ${JSON.stringify(totals)}`,
    ).not.toEqual([])
  })

  test('is only slow where that makes the wrong of the others show: it finds nothing', async () => {
    const names = new Set(variants.map(({ scenario }) => scenario))
    const slow = variants.flatMap(({ harmless = [] }) => harmless)
    const { totals, rounds } = await drillWith(slow, [...names], { settleMs: 30_000 })
    expect(rounds).toHaveLength(names.size)
    expect(totals).toMatchObject({ lost: 0, doubled: 0, stuck: 0, orphaned: 0 })
  })
})

test('an edit is refused when its place has moved', () => {
  const edit = { file: 'a.ts', find: 'one', replace: 'another' }
  expect(edited('one two', edit)).toBe('another two')
  expect(() => edited('two', edit)).toThrow('a.ts has 0 places instead of one with: one')
  expect(() => edited('one one', edit)).toThrow('a.ts has 2 places')
})
