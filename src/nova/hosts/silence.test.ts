import { beforeEach, describe, expect, test } from 'vitest'
import { databases, useCloud } from '../../../test/helpers/a-cloud.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { listServices } from '../services/store.ts'
import { insertService, touchServices } from './register-store.ts'
import { looksUntilSilent, openSilenceWatch, type SilenceWatch } from './silence.ts'
import { markSilent, readHeard } from './silence-store.ts'

describe.each(databases)('whoever falls silent on %s', (database) => {
  // No conductor of its own: this test says who speaks and who looks.
  const cloud = useCloud(database, { roles: ['nova-api'] })
  let hears: boolean
  let watch: SilenceWatch
  const programs = ['nova-compute', 'nova-scheduler']
  beforeEach(async () => {
    hears = true
    watch = openSilenceWatch(() => hears)
    const { ctx } = cloud
    await ctx.db.deleteFrom('nova_services').execute()
    await transaction(ctx, 'test', async (tx) => {
      for (const program of programs) await insertService(ctx, tx, program, 'h1')
    })
    await watch.look(ctx)
  })

  const look = async (times: number) => {
    for (let time = 0; time < times; time++) await watch.look(cloud.ctx)
  }
  const speaks = async (program: string) => expect(await touchServices(cloud.ctx, program, ['h1'])).toBe(1)
  const whoIsUp = async () => {
    const services = await listServices(cloud.ctx.db)
    return services.filter(({ up }) => up).map(({ program }) => program)
  }

  test('is down after eight looks that find no word of it, and up with its next word', async () => {
    await look(looksUntilSilent - 1)
    expect(await whoIsUp()).toEqual(programs)
    await look(1)
    expect(await whoIsUp()).toEqual([])
    await speaks('nova-compute')
    expect(await whoIsUp()).toEqual(['nova-compute'])
  })

  test('is not down who speaks again before the last look', async () => {
    for (let stall = 0; stall < 3; stall++) {
      await look(looksUntilSilent - 1)
      for (const program of programs) await speaks(program)
      await look(1)
    }
    expect(await whoIsUp()).toEqual(programs)
  })

  test('is not down as a host while nobody can hear the queue, and has time to speak once it is back', async () => {
    hears = false
    await look(2 * looksUntilSilent)
    expect(await whoIsUp()).toEqual(['nova-compute'])
    hears = true
    await look(looksUntilSilent - 1)
    expect(await whoIsUp()).toEqual(['nova-compute'])
    await look(1)
    expect(await whoIsUp()).toEqual([])
  })

  test('is not down because the watcher could not see for a while', async () => {
    await look(looksUntilSilent - 1)
    watch.forget()
    await look(looksUntilSilent)
    expect(await whoIsUp()).toEqual(programs)
    await look(1)
    expect(await whoIsUp()).toEqual([])
  })

  test('is not down by any clock, however far the database has stepped', async () => {
    for (const seconds of [3600, -3600]) {
      await cloud.ctx.db
        .updateTable('nova_services')
        .set({ seen_at: cloud.ctx.dialect.fromNow(seconds) })
        .execute()
      await look(1)
      expect(await whoIsUp()).toEqual(programs)
    }
  })

  test('is not marked when its word comes between a look and the mark', async () => {
    const { db } = cloud.ctx
    const [heard] = await readHeard(db)
    await speaks(heard!.program)
    expect(await markSilent(db, heard!, true)).toBe(false)
    expect(await whoIsUp()).toEqual(programs)
    const [again] = await readHeard(db)
    expect(await markSilent(db, again!, true)).toBe(true)
  })

  test('is up again when a release speaks that does not know of marks', async () => {
    await look(looksUntilSilent)
    await cloud.ctx.db
      .updateTable('nova_services')
      .set({ seen_at: cloud.ctx.dialect.fromNow(1) })
      .where('program', '=', 'nova-compute')
      .execute()
    await look(1)
    expect(await whoIsUp()).toEqual(['nova-compute'])
  })
})
