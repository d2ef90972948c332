import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aContext, databases, type TestContext } from '../../../test/helpers/a-context.ts'
import { transaction } from '../sql/transaction.ts'
import { openVault } from '../vault.ts'
import { forgetOldKeys, keepAnswer, requestKey, takeKey, type RequestKey, type StoredAnswer } from './keys.ts'

const vault = openVault('a secret that only tests may know, of 32 and more')
const key = (body: string, name = 'one'): RequestKey =>
  requestKey(vault, { user: 'u', key: name, method: 'POST', path: '/things', body: Buffer.from(body) })
const done: StoredAnswer = { status: 201, headers: { etag: 'x' }, body: '{"secret":"s3cret"}' }

describe.each(databases)('idempotency keys on %s', (database) => {
  let world: TestContext
  beforeAll(async () => {
    world = await aContext(database)
  })
  afterAll(() => world.close())
  const attempt = (wanted: RequestKey, work = () => {}) =>
    transaction(world.ctx, 'test', async (tx) => {
      const before = await takeKey(world.ctx, tx, wanted)
      if (before) return before
      work()
      await keepAnswer(world.ctx, tx, wanted, done)
      return undefined
    })

  test('a repeat gets the first answer', async () => {
    expect(await attempt(key('a'))).toBeUndefined()
    expect(await attempt(key('a'))).toEqual(done)
  })

  test('a stored answer can not be read in the database', async () => {
    await attempt(key('b', 'sealed'))
    const rows = await world.ctx.db.selectFrom('kernel_idempotency_keys').select('answer').execute()
    for (const row of rows) expect(row.answer!.includes('s3cret')).toBe(false)
  })

  test('the same key for another body is refused', async () => {
    await attempt(key('c', 'taken'))
    await expect(attempt(key('other', 'taken'))).rejects.toMatchObject({ kind: 'unprocessable' })
  })

  test('two attempts at once do the work once', async () => {
    let times = 0
    const answers = await Promise.all(Array.from({ length: 8 }, () => attempt(key('d', 'race'), () => void times++)))
    expect(times).toBe(1)
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(1)
  })

  test('a refused attempt leaves the key free', async () => {
    const refused = attempt(key('e', 'free'), () => {
      throw new Error('refused')
    })
    await expect(refused).rejects.toThrow('refused')
    expect(await attempt(key('e', 'free'))).toBeUndefined()
  })

  test('keys are forgotten after a day, and not before', async () => {
    await attempt(key('f', 'young'))
    await world.ctx.db
      .insertInto('kernel_idempotency_keys')
      .values({ id: 'old', fingerprint: 'x', answer: null, created_at: world.ctx.dialect.fromNow(-25 * 3600) as never })
      .execute()
    expect(await forgetOldKeys(world.ctx)).toBe(1)
    expect(await attempt(key('f', 'young'))).toEqual(done)
  })
})
