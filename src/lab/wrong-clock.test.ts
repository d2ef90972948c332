import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { has } from '../../test/helpers/parts.ts'
import { run } from './command.ts'
import { openNamespace } from './namespace.ts'
import { canSetClocks, openWallClock, type WallClock } from './wrong-clock.ts'

describe.skipIf(!has('faketime') || !canSetClocks())('the clock of a host', () => {
  let folder: string
  let clock: WallClock
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'skykeel-clock-'))
    clock = openWallClock(folder)
    clock.step(0)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  /** By how much a program of a unit is wrong about the time, in whole seconds. */
  async function wrongBy(unit: string): Promise<number> {
    const environment = Object.entries(clock.environmentOf(unit)).map(([name, value]) => `${name}=${value}`)
    return Math.round((Number(await run(['env', ...environment, 'date', '+%s%3N'])) - Date.now()) / 1000) + 0
  }

  test.each(['controller', 'galera'])('is what the programs of %s go by', async (unit) => {
    expect(await wrongBy(unit)).toBe(0)
    clock.step(60_000)
    expect(await wrongBy(unit)).toBe(60)
    clock.step(-30_000)
    expect(await wrongBy(unit)).toBe(-30)
    clock.step(0)
    expect(await wrongBy(unit)).toBe(0)
  })

  test('is kept from programs that it would disturb', async () => {
    clock.step(60_000)
    expect(await wrongBy('patroni')).toBe(0)
    clock.step(0)
  })

  test.runIf(process.getuid?.() === 0 && has('patroni'))('wraps PostgreSQL, whoever starts it', async () => {
    const machine = await openNamespace('c1')
    try {
      await clock.hang(machine)
      expect(await run([...machine.enter, '/usr/lib/postgresql/15/bin/postgres', '--version'])).toMatch(/^postgres \(PostgreSQL\) 15/)
      const wrapper = await run([...machine.enter, 'cat', '/usr/lib/postgresql/15/bin/postgres'])
      expect(wrapper).toContain(join(folder, 'clock'))
    } finally {
      await machine.end()
    }
  })
})
