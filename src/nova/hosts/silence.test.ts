import { beforeAll, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { insertService, putHost, touchConductor } from './register-store.ts'
import { listServices } from '../services/store.ts'
import { hostIsUp } from './store.ts'

describe.each(databases)('a silent host on %s', (database) => {
  // No conductor of its own: this test says what conductors do.
  const cloud = useCloud(database, { roles: ['nova-api'] })
  const conductor = (values: object) =>
    cloud.ctx.db.updateTable('nova_services').set(values).where('program', '=', 'nova-conductor').where('host', '=', 'c1').execute()
  const ago = (seconds: number) => cloud.ctx.dialect.fromNow(-seconds)
  const isUp = () => hostIsUp(cloud.ctx, cloud.ctx.db, 'quiet')
  beforeAll(async () => {
    const { ctx } = cloud
    await transaction(ctx, 'test', async (tx) => {
      await putHost(ctx, tx, 'a1', { name: 'quiet', driver: 'sim', resources: { vcpus: 1, memoryMb: 1, diskGb: 1 } })
    })
    const row = {
      id: ctx.ids.uuid(),
      program: 'nova-conductor',
      host: 'c1',
      disabled: false,
      forced_down: false,
      created_at: ctx.dialect.now(),
    }
    await ctx.db
      .insertInto('nova_services')
      .values({ ...row, seen_at: ctx.dialect.now(), listening_since: null, disabled_reason: null, updated_at: null })
      .execute()
    await ctx.db
      .updateTable('nova_services')
      .set({ seen_at: ago(60) })
      .where('program', '=', 'nova-compute')
      .execute()
  })

  test('is down when a conductor has listened for long enough', async () => {
    await conductor({ seen_at: cloud.ctx.dialect.now(), listening_since: ago(30) })
    expect(await isUp()).toBe(false)
  })

  test('is up after a stall of five seconds, and what its heartbeats and the queue take besides', async () => {
    await conductor({ seen_at: cloud.ctx.dialect.now(), listening_since: ago(30) })
    const wasHeard = (seconds: number) =>
      cloud.ctx.db
        .updateTable('nova_services')
        .set({ seen_at: ago(seconds) })
        .where('host', '=', 'quiet')
        .execute()
    await wasHeard(7)
    expect(await isUp()).toBe(true)
    await wasHeard(60)
    expect(await isUp()).toBe(false)
  })

  test('is not taken for dead while nobody can hear the queue', async () => {
    await conductor({ seen_at: cloud.ctx.dialect.now(), listening_since: ago(30) })
    await touchConductor(cloud.ctx, 'c1', false)
    expect(await isUp()).toBe(true)
  })

  test('has time to speak once the queue is back', async () => {
    await conductor({ listening_since: null })
    await touchConductor(cloud.ctx, 'c1', true)
    expect(await isUp()).toBe(true)
    await touchConductor(cloud.ctx, 'c1', true)
    await conductor({ listening_since: ago(11) })
    expect(await isUp()).toBe(false)
  })

  const hostSeen = (seconds: number) =>
    cloud.ctx.db
      .updateTable('nova_services')
      .set({ seen_at: ago(seconds) })
      .where('program', '=', 'nova-compute')
      .execute()

  test.each([
    ['forward', 60],
    ['back', -60],
  ])('has time to speak when the clock of the database is set %s', async (_, seconds) => {
    await conductor({ seen_at: ago(seconds), listening_since: ago(seconds + 30) })
    await hostSeen(seconds)
    expect(await isUp()).toBe(true)
    await touchConductor(cloud.ctx, 'c1', true)
    expect(await isUp()).toBe(true)
    await conductor({ listening_since: ago(11) })
    expect(await isUp()).toBe(false)
  })

  test('whose conductors listened on in a future that was set back is not forgiven for long', async () => {
    await conductor({ seen_at: ago(-60), listening_since: ago(-30) })
    await hostSeen(60)
    await touchConductor(cloud.ctx, 'c1', true)
    const { listening_since: since } = await cloud.ctx.db
      .selectFrom('nova_services')
      .select('listening_since')
      .where('host', '=', 'c1')
      .where('program', '=', 'nova-conductor')
      .executeTakeFirstOrThrow()
    expect(since!.getTime()).toBeLessThanOrEqual(Date.now() + 1000)
  })

  test('has time to speak after an outage of the database, when conductors were silent too', async () => {
    await conductor({ seen_at: ago(20), listening_since: ago(60) })
    expect(await isUp()).toBe(true)
    await touchConductor(cloud.ctx, 'c1', true)
    expect(await isUp()).toBe(true)
  })

  describe('and a scheduler that is silent', () => {
    const scheduler = async (seconds: number) => {
      const { ctx } = cloud
      await ctx.db.deleteFrom('nova_services').where('program', '=', 'nova-scheduler').execute()
      await transaction(ctx, 'test', (tx) => insertService(ctx, tx, 'nova-scheduler', 'c1'))
      await ctx.db
        .updateTable('nova_services')
        .set({ seen_at: ago(seconds) })
        .where('program', '=', 'nova-scheduler')
        .execute()
      return (await listServices(ctx, ctx.db, { program: 'nova-scheduler' }))[0]!.up
    }

    test('is down while conductors go on', async () => {
      await conductor({ seen_at: cloud.ctx.dialect.now(), listening_since: ago(30) })
      expect([await scheduler(7), await scheduler(9)]).toEqual([true, false])
    })

    test('is not taken for dead because the database was away, unless nobody speaks for two minutes', async () => {
      await conductor({ seen_at: ago(20), listening_since: ago(60) })
      expect([await scheduler(20), await scheduler(121)]).toEqual([true, false])
    })
  })
})
