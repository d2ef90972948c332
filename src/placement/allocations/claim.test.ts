import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aContext, databases, type TestContext } from '../../../test/helpers/a-context.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { allocationsOf, claim, hostCandidates, putProvider, release, usageOf } from '../contract.ts'

describe.each(databases)('claims on %s', (database) => {
  let test_: TestContext
  beforeAll(async () => {
    test_ = await aContext(database)
  })
  afterAll(() => test_.close())

  const ctx = () => test_.ctx
  const aHost = async (inventories: Record<string, { total: number; [more: string]: number }>) => {
    const id = ctx().ids.uuid()
    await transaction(ctx(), 'host', (tx) => putProvider(ctx(), tx, { id, name: `host ${id}`, inventories }))
    return id
  }
  const take = async (providerId: string, resources: Record<string, number>, consumerId = ctx().ids.uuid()) => {
    await transaction(ctx(), 'claim', (tx) => claim(ctx(), tx, { consumerId, projectId: 'p', userId: 'u', providerId, resources }))
    return consumerId
  }
  const giveBack = (consumerId: string) => transaction(ctx(), 'release', (tx) => release(ctx(), tx, { consumerId }))
  const used = async (providerId: string) =>
    Object.fromEntries(Object.entries((await usageOf(ctx().db, [providerId])).get(providerId)!).map(([name, usage]) => [name, usage.used]))

  test('a claim uses what it takes, and gives it back once, however often it is released', async () => {
    const host = await aHost({ VCPU: { total: 8 }, MEMORY_MB: { total: 1024 } })
    const server = await take(host, { VCPU: 2, MEMORY_MB: 512, DISK_GB: 0 })
    expect(await used(host)).toEqual({ VCPU: 2, MEMORY_MB: 512 })
    expect((await allocationsOf(ctx().db, [server])).get(server)).toEqual([{ providerId: host, resources: { VCPU: 2, MEMORY_MB: 512 } }])
    await Promise.all([giveBack(server), giveBack(server), giveBack(server)])
    expect(await used(host)).toEqual({ VCPU: 0, MEMORY_MB: 0 })
    expect((await allocationsOf(ctx().db, [server])).size).toBe(0)
  })

  test('the same claim again takes nothing more; another one of the same consumer is refused', async () => {
    const host = await aHost({ VCPU: { total: 8 } })
    const server = await take(host, { VCPU: 2 })
    await take(host, { VCPU: 2 }, server)
    await expect(take(host, { VCPU: 3 }, server)).rejects.toMatchObject({
      kind: 'conflict',
      details: { type: 'placement.concurrent_update' },
    })
    expect(await used(host)).toEqual({ VCPU: 2 })
  })

  test('of fifty servers that race for ten places ten get one', async () => {
    const host = await aHost({ VCPU: { total: 5, allocationRatio: 2 }, MEMORY_MB: { total: 100_000 } })
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => take(host, { VCPU: 1, MEMORY_MB: 100 })))
    const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled').map((outcome) => outcome.value)
    expect(winners).toHaveLength(10)
    expect(outcomes.filter((outcome) => outcome.status === 'rejected').every((outcome) => outcome.reason.kind === 'conflict')).toBe(true)
    expect(await used(host)).toEqual({ VCPU: 10, MEMORY_MB: 1000 })
    expect((await allocationsOf(ctx().db, winners)).size).toBe(10)
  })

  test('a claim that does not fit changes nothing, so the transaction may try the next host', async () => {
    const full = await aHost({ DISK_GB: { total: 100 }, VCPU: { total: 1 } })
    const roomy = await aHost({ DISK_GB: { total: 100 }, VCPU: { total: 8 } })
    const consumerId = ctx().ids.uuid()
    await transaction(ctx(), 'choose', async (tx) => {
      const wish = { consumerId, projectId: 'p', userId: 'u', resources: { DISK_GB: 10, VCPU: 2 } }
      await expect(claim(ctx(), tx, { ...wish, providerId: full })).rejects.toMatchObject({ kind: 'conflict' })
      await claim(ctx(), tx, { ...wish, providerId: roomy })
    })
    expect(await used(full)).toEqual({ DISK_GB: 0, VCPU: 0 })
    expect(await used(roomy)).toEqual({ DISK_GB: 10, VCPU: 2 })
  })

  test.each([
    ['less than the smallest unit', { DISK_GB: 5 }],
    ['more than the largest unit', { DISK_GB: 60 }],
    ['no multiple of the step', { DISK_GB: 15 }],
    ['a class that the host has not', { DISK_GB: 10, VGPU: 1 }],
  ])('%s is refused', async (_what, resources) => {
    const host = await aHost({ DISK_GB: { total: 100, reserved: 20, minUnit: 10, maxUnit: 50, stepSize: 10 } })
    await expect(take(host, resources)).rejects.toMatchObject({ kind: 'conflict' })
    await take(host, { DISK_GB: 50 })
    expect(await used(host)).toEqual({ DISK_GB: 50 })
  })

  test('candidates have room and the traits, and begin anywhere in the ring of hosts', async () => {
    const trait = `CUSTOM_ONLY_${database.toUpperCase()}`
    const make = async (vcpus: number) => {
      const id = ctx().ids.uuid()
      await transaction(ctx(), 'host', (tx) =>
        putProvider(ctx(), tx, { id, name: `host ${id}`, inventories: { VCPU: { total: vcpus } }, traits: [trait, 'COMPUTE_NODE'] }),
      )
      return id
    }
    const [small, middle, large] = [await make(2), await make(4), await make(8)]
    const ask = (vcpus: number, beginAt: number, limit = 10) =>
      hostCandidates(ctx().db, { resources: { VCPU: vcpus }, requiredTraits: [trait, 'COMPUTE_NODE'], limit, beginAt })
    for (const beginAt of [0, 0.3, 0.7, 0.9999]) expect((await ask(2, beginAt)).map((host) => host.id)).toEqual([large, middle, small])
    expect(await ask(3, 0.5)).toEqual([
      expect.objectContaining({ id: large, free: { VCPU: 8 } }),
      expect.objectContaining({ id: middle, free: { VCPU: 4 } }),
    ])
    expect(await ask(9, 0.5)).toEqual([])
    const firsts = new Set<string>()
    for (let step = 0; step < 64; step++) firsts.add((await ask(1, step / 64, 1))[0]!.id)
    expect(firsts.size).toBeGreaterThan(1)
  })

  test('a host that says the same again changes nothing; one that loses a class in use keeps it closed', async () => {
    const id = ctx().ids.uuid()
    const put = (inventories: Record<string, { total: number; allocationRatio?: number }>) =>
      transaction(ctx(), 'host', (tx) => putProvider(ctx(), tx, { id, name: `host ${id}`, inventories, traits: ['COMPUTE_NODE'] }))
    const generation = async () =>
      (await ctx().db.selectFrom('placement_providers').select('generation').where('id', '=', id).executeTakeFirstOrThrow()).generation
    await put({ VCPU: { total: 4, allocationRatio: 16 }, VGPU: { total: 1 }, PCPU: { total: 4 } })
    const first = await generation()
    await put({ VCPU: { total: 4 }, VGPU: { total: 1 }, PCPU: { total: 4 } })
    expect(await generation()).toBe(first)
    await take(id, { VGPU: 1 })
    await put({ VCPU: { total: 4 } })
    expect(await generation()).toBe(first + 1)
    expect((await usageOf(ctx().db, [id])).get(id)).toEqual({
      VCPU: { total: 4, reserved: 0, capacity: 64, used: 0 },
      VGPU: { total: 1, reserved: 1, capacity: 0, used: 1 },
    })
    await put({ VCPU: { total: 4 } })
    expect(await generation()).toBe(first + 1)
  })

  test('two controllers that hear of one new host at once agree on it', async () => {
    const id = ctx().ids.uuid()
    const put = () =>
      transaction(ctx(), 'host', (tx) =>
        putProvider(ctx(), tx, { id, name: `host ${id}`, inventories: { CUSTOM_NEW: { total: 4 } }, traits: ['CUSTOM_NEW'] }),
      )
    await Promise.all([put(), put(), put(), put()])
    expect(Object.keys((await usageOf(ctx().db, [id])).get(id)!)).toEqual(['CUSTOM_NEW'])
  })
})
