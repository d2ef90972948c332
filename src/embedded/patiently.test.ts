import { expect, test } from 'vitest'
import { freePort } from '../../test/helpers/free-port.ts'
import { quietLog } from '../../test/helpers/quiet-log.ts'
import { openTcpProxy } from '../../test/helpers/tcp-proxy.ts'
import { databases, newDatabase } from '../../test/helpers/test-databases.ts'
import { migrations } from '../../migrations/all.ts'
import { systemClock, type Clock } from '../kernel/clock.ts'
import { openDatabase } from '../kernel/sql/database.ts'
import { parseDatabaseUrl } from '../kernel/sql/hosts.ts'
import { migrate } from '../kernel/sql/migrate.ts'
import { patiently } from './patiently.ts'

/** A clock whose pauses take no time, and do something instead. */
function clockThat(onSleep: (nth: number) => Promise<void> | void): Clock {
  let [nowMs, sleeps] = [0, 0]
  return {
    ...systemClock,
    monotonicMs: () => nowMs,
    async sleep(ms) {
      nowMs += ms
      await onSleep(++sleeps)
    },
  }
}

test('gives up on a database that never comes, and tells no password', async () => {
  const database = openDatabase({ url: `mysql://skykeel:hush@127.0.0.1:${await freePort()}/skykeel`, log: quietLog })
  let pauses = 0
  const clock = clockThat((nth) => void (pauses = nth))
  const failure = await patiently({ clock, log: quietLog }, async () => migrate(database, migrations), { patienceMs: 2000 }).catch(
    (error: Error) => error,
  )
  await database.close()
  expect(failure).toMatchObject({
    name: 'StartupError',
    message: expect.stringContaining("The database can't be written: connect ECONNREFUSED"),
  })
  expect(String(failure)).not.toContain('hush')
  expect(pauses).toBe(4)
})

test.each(databases)('takes %s as soon as it is there', async (name) => {
  const { url, drop } = await newDatabase(name)
  const wire = await openTcpProxy(parseDatabaseUrl(url).hosts[0]!.port)
  let cut = true
  wire.fate = () => (cut ? 'lose' : 'pass')
  const database = openDatabase({ url: url.replace(/:\d+\//, `:${wire.port}/`), log: quietLog })
  const clock = clockThat((nth) => void (cut = nth < 2))
  // A new database of the tests has every table already.
  expect(await patiently({ clock, log: quietLog }, async () => migrate(database, migrations), { patienceMs: 60_000 })).toEqual([])
  expect(cut).toBe(false)
  await database.close()
  await wire.stop()
  await drop()
})

test('does not repeat what fails for another reason', async () => {
  let attempts = 0
  const work = async () => {
    attempts++
    throw new Error('a bug')
  }
  await expect(patiently({ clock: systemClock, log: quietLog }, work, { patienceMs: 60_000 })).rejects.toThrow('a bug')
  expect(attempts).toBe(1)
})
