import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { sql, type Kysely } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../../test/helpers/free-port.ts'
import { startPrivatePostgres, type PrivatePostgres } from '../../../test/helpers/private-postgres.ts'
import { openTcpProxy, type Fate, type TcpProxy } from '../../../test/helpers/tcp-proxy.ts'
import { bump, databases, someThings, type Things } from '../../../test/helpers/things.ts'
import { keepAnswer, requestKey, takeKey } from '../idempotency/keys.ts'
import { parseDatabaseUrl } from './hosts.ts'
import { transaction } from './transaction.ts'
import type { Context } from '../context.ts'

describe.each(databases)('when %s goes away', (database) => {
  let things: Things
  let proxy: TcpProxy
  let proxied: Context
  beforeAll(async () => {
    things = await someThings(database)
    proxy = await openTcpProxy(parseDatabaseUrl(things.url).hosts[0]!.port)
    proxied = things.contextOn(things.url.replace(/:\d+\//, `:${proxy.port}/`))
  })
  afterAll(async () => {
    await things.close()
    await proxy.stop()
  })

  test('a transaction whose session is ended runs again on another', async () => {
    await things.add('ended')
    let attempts = 0
    await transaction(things.ctx, 'ended', async (tx) => {
      await bump(tx, 'ended')
      if (++attempts === 1) await things.endSession(tx)
      await bump(tx, 'ended')
    })
    expect(attempts).toBe(2)
    expect(await things.countOf('ended')).toBe(2)
  })

  test.each<Fate>(['lose', 'lose the reply'])('work under a key is done once, though its commit is cut off: %s', async (fate) => {
    await things.add(fate)
    const key = requestKey(proxied.vault, { user: 'u', key: fate, method: 'POST', path: '/', body: Buffer.from('') })
    const answer = { status: 201, headers: {}, body: 'done' }
    let cuts = 0
    proxy.fate = (piece) => (cuts === 0 && /commit(?!ted)/i.test(piece.toString('latin1')) ? (cuts++, fate) : 'pass')
    let attempts = 0
    const result = await transaction(proxied, 'cut', async (tx) => {
      attempts++
      const before = await takeKey(proxied, tx, key)
      if (before) return { ...before, replayed: true }
      await bump(tx, fate)
      await keepAnswer(proxied, tx, key, answer)
      return answer
    })
    expect({ cuts, attempts }).toEqual({ cuts: 1, attempts: 2 })
    expect(result).toEqual(fate === 'lose' ? answer : { ...answer, replayed: true })
    expect(await things.countOf(fate)).toBe(1)
  })

  test('a host that falls silent within a transaction is waited for once, and left for the next one', async () => {
    await things.add('silence')
    const silent = await openTcpProxy(parseDatabaseUrl(things.url).hosts[0]!.port)
    const { port } = parseDatabaseUrl(things.url).hosts[0]!
    const ctx = things.contextOn(things.url.replace(/@[^/]+\//, `@127.0.0.1:${silent.port},127.0.0.1:${port}/`))
    const begun = performance.now()
    await transaction(ctx, 'silence', async (tx) => {
      await bump(tx, 'silence')
      silent.fate = () => 'freeze'
      await bump(tx, 'silence')
    })
    // A statement is given up after 4.5 s.
    expect(performance.now() - begun).toBeLessThan(8500)
    expect(await things.countOf('silence')).toBe(2)
    await silent.stop()
  }, 20_000)

  test('who stands in line for a host that falls silent is served by the next one as soon as it is left', async () => {
    // More than a pool has connections.
    const names = Array.from({ length: 15 }, (_, index) => `in line ${index}`)
    for (const name of names) await things.add(name)
    const { port } = parseDatabaseUrl(things.url).hosts[0]!
    const silent = await openTcpProxy(port)
    const ctx = things.contextOn(things.url.replace(/@[^/]+\//, `@127.0.0.1:${silent.port},127.0.0.1:${port}/`))
    const begun = performance.now()
    const work = (name: string) =>
      transaction(ctx, 'in line', async (tx) => {
        await bump(tx, name)
        silent.fate = () => 'freeze'
        await bump(tx, name)
      })
    await Promise.all(names.map(work))
    expect(performance.now() - begun).toBeLessThan(8500)
    expect(await Promise.all(names.map((name) => things.countOf(name)))).toEqual(names.map(() => 2))
    await silent.stop()
  }, 30_000)

  test('one that hangs without a word is ended by the server, and holds up the others no longer', async () => {
    await things.add('held')
    let go = () => {}
    const hung = new Promise<void>((resolve) => (go = resolve))
    let holds = () => {}
    const held = new Promise<void>((resolve) => (holds = resolve))
    let attempts = 0
    const frozen = transaction(things.ctx, 'frozen', async (tx) => {
      await bump(tx, 'held')
      if (++attempts > 1) return
      holds()
      await hung
    })
    await held
    await transaction(things.ctx, 'other', (tx) => bump(tx, 'held'))
    expect(await things.countOf('held')).toBe(1)
    go()
    await frozen
    expect(attempts).toBe(2)
    expect(await things.countOf('held')).toBe(2)
  })

  test('a host that is not there is passed over for one that is', async () => {
    const { hosts } = parseDatabaseUrl(things.url)
    const both = things.url.replace(/@[^/]+\//, `@127.0.0.1:${await freePort()},127.0.0.1:${hosts[0]!.port}/`)
    const ctx = things.contextOn(both)
    await things.add('found')
    await transaction(ctx, 'found', (tx) => bump(tx, 'found'))
    expect(await things.countOf('found')).toBe(1)
  })

  test('who goes back to the first host leaves no connection behind, and ends what runs on the other', async () => {
    const { port } = parseDatabaseUrl(things.url).hosts[0]!
    const away = await openTcpProxy(port)
    const homePort = await freePort()
    const ctx = things.contextOn(things.url.replace(/@[^/]+\//, `@127.0.0.1:${homePort},127.0.0.1:${away.port}/`))
    for (const name of ['one', 'two', 'long']) await things.add(name)
    await Promise.all(['one', 'two'].map((name) => transaction(ctx, name, (tx) => bump(tx, name))))
    expect(away.clients()).toBeGreaterThan(1)
    const home = await openTcpProxy(port, homePort)
    let attempts = 0
    const long = transaction(ctx, 'long', async (tx) => {
      attempts++
      // A pause of this test is not to end it.
      await sql
        .raw(
          database === 'postgres' ? 'set local idle_in_transaction_session_timeout = 60000' : 'set session idle_transaction_timeout = 60',
        )
        .execute(tx)
      await bump(tx, 'long')
      await expect.poll(() => sql`select 1`.execute(tx).then(() => home.clients()), { timeout: 15_000 }).toBe(1)
      await expect.poll(() => away.clients(), { timeout: 3000 }).toBe(1)
      await bump(tx, 'long')
    })
    await expect.poll(() => transaction(ctx, 'one', (tx) => bump(tx, 'one')).then(() => home.clients()), { timeout: 15_000 }).toBe(1)
    await long
    expect([attempts, await things.countOf('long')]).toEqual([1, 2])
    await expect.poll(() => away.clients()).toBe(0)
    await Promise.all([home.stop(), away.stop()])
  }, 30_000)

  test('a host that falls silent on what still runs there, when all others went back to the first, is waited for once', async () => {
    const { port } = parseDatabaseUrl(things.url).hosts[0]!
    const away = await openTcpProxy(port)
    const homePort = await freePort()
    const ctx = things.contextOn(things.url.replace(/@[^/]+\//, `@127.0.0.1:${homePort},127.0.0.1:${away.port}/`))
    await things.add('left')
    await transaction(ctx, 'left', (tx) => bump(tx, 'left'))
    const home = await openTcpProxy(port, homePort)
    let fellSilent = 0
    const left = transaction(ctx, 'left', async (tx) => {
      await bump(tx, 'left')
      if (fellSilent) return
      await expect.poll(() => sql`select 1`.execute(tx).then(() => home.clients()), { timeout: 15_000, interval: 100 }).toBe(1)
      away.fate = () => 'freeze'
      fellSilent = performance.now()
      await bump(tx, 'left')
    })
    await expect
      .poll(
        () =>
          ctx.db
            .selectNoFrom(sql`1`.as('one'))
            .execute()
            .then(() => home.clients()),
        { timeout: 15_000 },
      )
      .toBe(1)
    await left
    // A statement is given up after 4.5 s.
    expect(performance.now() - fellSilent).toBeLessThan(8500)
    expect(await things.countOf('left')).toBe(2)
    await Promise.all([home.stop(), away.stop()])
  }, 40_000)

  test('a dead host is asked once for all who look for one at the same time', async () => {
    let knocks = 0
    const dead = createServer((socket) => (knocks++, socket.destroy())).listen(0, '127.0.0.1')
    await once(dead, 'listening')
    const { port } = dead.address() as AddressInfo
    const ctx = things.contextOn(things.url.replace(/@[^/]+\//, `@127.0.0.1:${port},127.0.0.1:${proxy.port}/`))
    const names = ['north', 'south', 'east', 'west']
    for (const name of names) await things.add(name)
    const bumpAll = () => Promise.all(names.map((name) => transaction(ctx, name, (tx) => bump(tx, name))))
    await bumpAll()
    expect(knocks).toBe(1)
    let cuts = 0
    proxy.fate = (piece) => (cuts === 0 && /commit(?!ted)/i.test(piece.toString('latin1')) ? (cuts++, 'lose') : 'pass')
    await bumpAll()
    expect({ cuts, knocks }).toEqual({ cuts: 1, knocks: 2 })
    dead.close()
  })
})

describe('with a standby beside it, PostgreSQL', () => {
  let things: Things
  let other: PrivatePostgres
  beforeAll(async () => {
    ;[things, other] = await Promise.all([someThings('postgres'), startPrivatePostgres({ fsync: 'off' })])
  })
  afterAll(async () => {
    await things.close()
    await other.stop()
  })

  test('is written where it can be written, also when that changes', async () => {
    const main = things.url.replace(/\/[^/]*$/, '/postgres')
    const mainPort = parseDatabaseUrl(main).hosts[0]!.port
    const ctx = things.contextOn(main.replace(/@[^/]+\//, `@127.0.0.1:${other.port},127.0.0.1:${mainPort}/`))
    const portOf = () =>
      transaction(ctx, 'where', async (tx) => {
        await sql`create temporary table if not exists written (n int)`.execute(tx)
        return Number((await sql<{ port: string }>`select current_setting('port') as port`.execute(tx)).rows[0]!.port)
      })
    const admin = things.contextOn(other.url).db as Kysely<any>
    const setReadOnly = async (value: 'on' | 'off') => {
      await sql`alter system set default_transaction_read_only = ${sql.raw(value)}`.execute(admin)
      await sql`select pg_reload_conf()`.execute(admin)
    }
    expect(await portOf()).toBe(other.port)
    await setReadOnly('on')
    // A server hears of it a moment later.
    await expect.poll(portOf, { timeout: 5000 }).toBe(mainPort)
    expect(await portOf()).toBe(mainPort)
  })
})
