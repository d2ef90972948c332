import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { candidatesOf } from './combine.ts'
import { loadTrees, promisingTrees } from './promising.ts'
import type { CandidateRequest, RequestGroup } from './request.ts'
import { sharingProviders } from './store.ts'
import { sharingTrait } from './tree.ts'

// Nearly all have the common things, and few the rare ones, so that both ways of going through many providers are gone.
const [common, seldom, shared] = ['CUSTOM_P_COMMON', 'CUSTOM_P_SELDOM', 'CUSTOM_P_SHARED']
const [usual, unusual] = ['CUSTOM_P_USUAL', 'CUSTOM_P_UNUSUAL']
const zone = (number: number) => `00000000-0000-4000-8000-0000000000${number}`
const [wide, small] = [zone(10), zone(11)]
const roots = 2700

describe.each(databases)('promising trees on %s', (database) => {
  const cloud = useCloud(database)

  test('have all candidates that there are, in the order of their ids', async () => {
    const ids = await fillPlacement()
    const { db } = cloud.ctx
    const all = await loadTrees(db, ids, await sharingProviders(db))
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const satisfies = (tree: (typeof all)[number]) => !candidatesOf(tree, request).next().done
        const promising: typeof all = []
        for await (const tree of promisingTrees(db, request)) promising.push(tree)
        const idsOf = (trees: typeof all) => trees.filter(satisfies).map((tree) => tree.root.id)
        expect(idsOf(promising)).toEqual(idsOf(all))
      }),
      { numRuns: 50, seed: 4 },
    )
  }, 60_000)

  /** Hosts, some with a card below, and one that shares; returns the ids of all roots, sorted. */
  async function fillPlacement(): Promise<string[]> {
    const { dialect } = cloud.ctx
    const now = dialect.now()
    const ids = Array.from({ length: roots }, () => cloud.ctx.ids.uuid()).toSorted()
    const provider = (id: string, rootId = id) => ({
      id,
      name: `promising ${id}`,
      generation: 0,
      parent_id: rootId === id ? null : rootId,
      root_id: rootId,
      shape: 0,
      place: 0,
      created_at: now,
      updated_at: now,
    })
    const stock = (provider_id: string, resource_class: string, used: number) => ({
      ...{ provider_id, resource_class, used, total: 4, reserved: 0, min_unit: 1, max_unit: 4, step_size: 1 },
      ...{ allocation_ratio: 1, capacity: 4, updated_at: now },
    })
    const cards = ids.filter((_, at) => at % 40 === 7).map((host) => ({ id: cloud.ctx.ids.uuid(), host }))
    const sharer = ids[500]!
    const some = (every: number) => ids.filter((_, at) => at % every === 3)
    const trait = (name: string) => (provider_id: string) => ({ provider_id, trait: name })
    const member = (aggregate_id: string) => (provider_id: string) => ({ provider_id, aggregate_id })
    const cardIds = cards.map(({ id }) => id)
    await insert('placement_providers', [...ids.map((id) => provider(id)), ...cards.map(({ id, host }) => provider(id, host))])
    await insert('placement_inventories', [
      ...ids.map((id, at) => stock(id, common, at % 30 === 0 ? 4 : at % 3)),
      ...[...some(90), ...cardIds].map((id, at) => stock(id, seldom, at % 5)),
      ...[sharer, ...some(130)].map((id) => stock(id, shared, 1)),
    ])
    await insert('placement_provider_traits', [
      ...ids.filter((_, at) => at % 20 !== 0).map(trait(usual)),
      ...[...some(70), ...cardIds.slice(20)].map(trait(unusual)),
      trait(sharingTrait)(sharer),
    ])
    const crowd = ids.filter((id, at) => at % 50 !== 1 || id === sharer)
    await insert('placement_provider_aggregates', [
      ...crowd.map(member(wide)),
      ...[...some(110), ...cardIds.slice(0, 9)].map(member(small)),
    ])
    return ids
  }

  async function insert(table: string, rows: readonly object[]): Promise<void> {
    for (let at = 0; at < rows.length; at += 500)
      await cloud.ctx.db
        .insertInto(table as any)
        .values(rows.slice(at, at + 500) as any)
        .execute()
  }
})

const someOf = (...values: string[]) => fc.subarray(values, { maxLength: 2 })
const [traits, aggregates] = [someOf(usual, unusual), someOf(wide, small)]
const anyOfThem = (values: fc.Arbitrary<string[]>) =>
  fc.array(
    values.filter((some) => some.length > 0),
    { maxLength: 1 },
  )
const amounts = fc.dictionary(fc.constantFrom(common, seldom, shared), fc.integer({ min: 1, max: 4 }), { minKeys: 1, maxKeys: 2 })
const marks = { required: anyOfThem(traits), forbidden: fc.oneof(fc.constant([]), traits) }
const places = { memberOf: anyOfThem(aggregates), notMemberOf: fc.oneof(fc.constant([]), aggregates) }
const groupOf = (suffix: string): fc.Arbitrary<RequestGroup> =>
  fc.record({ suffix: fc.constant(suffix), resources: amounts, ...marks, ...places })

const requests: fc.Arbitrary<CandidateRequest> = fc.record({
  groups: fc.oneof(fc.tuple(groupOf('')), fc.tuple(groupOf('_A')), fc.tuple(groupOf(''), groupOf('_A'))),
  isolate: fc.boolean(),
  root: fc.record(marks),
  sameSubtrees: fc.constant([]),
})
