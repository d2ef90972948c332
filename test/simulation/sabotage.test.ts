import { describe, expect, test } from 'vitest'
import { transaction } from '../../src/kernel/sql/transaction.ts'
import { isLong, isOrder, type SagaDefinition } from '../../src/kernel/sagas/saga.ts'
import { playSchedule, type Sabotage } from './schedule.ts'
import { untilNoticed, useWorld } from './simulate.ts'

// A simulation that never finds anything proves nothing: each of these breaks one rule on which the promise rests.
const sabotages: readonly { readonly what: string; readonly sabotage: Sabotage }[] = [
  {
    what: 'sagas move although another worker moved them before',
    sabotage: {
      rewrite: (text) =>
        text.replace(/^(update "kernel_sagas" .* where "id" = \$\d+) and "revision" = (\$\d+)$/, '$1 and $2::bigint is not null'),
    },
  },
  { what: 'repeats of a request have no common key', sabotage: { withoutKeys: true } },
  {
    what: 'a host with room is charged without looking again',
    sabotage: {
      rewrite: (text) =>
        text.replace(/^(update "placement_inventories" .*) and "capacity" >= "used" \+ (\$\d+)/, '$1 and $2::bigint is not null'),
    },
  },
  { what: "a step's effects commit before its progress", sabotage: { sagas: (all) => all.map(committingApart) } },
  { what: 'an undo forgets the room that was claimed', sabotage: { sagas: (all) => all.map(forgettingToRelease) } },
  { what: 'agents forget which orders they took', sabotage: { forgetfulAgents: true } },
]

// They are noticed within 2 to 60; more leave room for a schedule that tells another story after a change of the program.
const schedules = 400

describe('the simulation notices when', () => {
  const world = useWorld()
  test.each(sabotages)('$what', { timeout: 400_000 }, async ({ sabotage }) => {
    const story = await untilNoticed(world(), sabotage, schedules)
    // The same schedule is well without it.
    if (story) expect((await playSchedule(world(), story.seed)).wrong).toEqual([])
    expect(story?.wrong[0]).toBeTypeOf('string')
  })
})

describe('a schedule', () => {
  const world = useWorld()
  test('tells the same story whenever it is played', { timeout: 60_000 }, async () => {
    for (const seed of [3, 4]) {
      const [one, other] = [await playSchedule(world(), seed), await playSchedule(world(), seed)]
      expect(other.trace).toEqual(one.trace)
    }
  })
})

function committingApart(definition: SagaDefinition): SagaDefinition {
  const steps = definition.steps.map((step) =>
    isOrder(step) || isLong(step)
      ? step
      : { ...step, run: (ctx: any, _tx: unknown, work: any) => transaction(ctx, step.name, (tx) => step.run(ctx, tx, work)) },
  )
  return { ...definition, steps }
}

function forgettingToRelease(definition: SagaDefinition): SagaDefinition {
  const steps = definition.steps.map((step) =>
    step.name === 'choose host and claim' && !isOrder(step) ? { ...step, undo: async () => {} } : step,
  )
  return { ...definition, steps }
}
