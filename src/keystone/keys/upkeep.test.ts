import { describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { forgetRevocations, insertRevocation } from '../tokens/store.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { forWork } from '../../kernel/context.ts'
import { keepKeys, rotateKeys } from './rotate.ts'
import { allKeys, moveKey, outdatedKeys } from './store.ts'

describe.each(databases)('keeping keys on %s', (database) => {
  const cloud = useCloud(database)
  const work = () => forWork(cloud.ctx, 'test')
  const states = async () => (await allKeys(cloud.ctx.db)).map((key) => `${key.number} ${key.state}`)
  const holder = (instance: string, newestKey: number, secondsAgo: number) =>
    transaction(work(), 'test', (tx) =>
      tx
        .insertInto('keystone_key_holders')
        .values({ instance, newest_key: newestKey, seen_at: cloud.ctx.dialect.fromNow(-secondsAgo) })
        .execute(),
    )

  test('a new cloud has one key to seal with and one that will follow it, both sealed', async () => {
    expect(await states()).toEqual(['2 staged', '1 primary'])
    const [row] = await allKeys(cloud.ctx.db)
    expect(row!.sealed_key.length).toBeGreaterThan(32)
    expect(cloud.ctx.vault.open(row!.sealed_key)).toHaveLength(32)
  })

  test('rotation waits for a live instance that lacks the key, and for no other', async () => {
    await keepKeys(work(), 'controller-1')
    await holder('just started', 1, 1)
    expect(await rotateKeys(work())).toEqual({ rotated: false, waitingFor: ['just started'] })
    expect(await states()).toEqual(['2 staged', '1 primary'])
    await transaction(work(), 'test', (tx) => tx.deleteFrom('keystone_key_holders').where('instance', '=', 'just started').execute())
    await holder('long dead', 1, 60)
    expect((await rotateKeys(work())).rotated).toBe(true)
    expect(await states()).toEqual(['3 staged', '2 primary', '1 secondary'])
  })

  test('a key that may still be needed stays', async () => {
    expect(await outdatedKeys(work(), { seconds: 3600 })).toEqual([])
    expect(await outdatedKeys(work(), { seconds: -10 })).toEqual([1])
    const again = transaction(work(), 'test', (tx) => moveKey(cloud.ctx, tx, { number: 1, from: 'primary', to: 'secondary' }))
    expect(await again).toBe(false)
  })

  test('many instances keep their keys at once', async () => {
    await holder('gone', 1, 1000)
    await Promise.all(Array.from({ length: 10 }, () => keepKeys(work(), 'controller-1')))
    const holders = await cloud.ctx.db.selectFrom('keystone_key_holders').select('instance').execute()
    expect(holders.map((row) => row.instance)).toContain('controller-1')
    expect(holders.map((row) => row.instance)).not.toContain('gone')
  })

  test('revocations are forgotten once their tokens have ended by themselves', async () => {
    const at = (hours: number) => new Date(cloud.ctx.clock.now().getTime() + hours * 3_600_000)
    for (const [auditId, hours] of [
      ['old', -2],
      ['young', 1],
    ] as const) {
      await transaction(work(), 'test', (tx) => insertRevocation(cloud.ctx, tx, { auditId, expiresAt: at(hours) }))
    }
    await forgetRevocations(work())
    const left = await cloud.ctx.db.selectFrom('keystone_revocations').select('audit_id').execute()
    expect(left.map((row) => row.audit_id)).toEqual(['young'])
  })
})
