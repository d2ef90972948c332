import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { has } from '../../test/helpers/parts.ts'
import { run } from './command.ts'
import { canSetClocks, openWallClock, type WallClock } from './wrong-clock.ts'

describe.skipIf(!has('faketime') || !canSetClocks())('the clock of a host', () => {
  let folder: string
  let clock: WallClock
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'skykeel-clock-'))
    clock = openWallClock(folder)
    clock.right()
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  /** By how much a program of a unit is wrong about the time, in whole seconds. */
  async function wrongBy(unit: string): Promise<number> {
    const environment = Object.entries(clock.environmentOf(unit)).map(([name, value]) => `${name}=${value}`)
    return Math.round((Number(await run(['env', ...environment, 'date', '+%s%3N'])) - Date.now()) / 1000) + 0
  }

  test.each(['controller', 'galera', 'patroni'])('is what the programs of %s go by', async (unit) => {
    expect(await wrongBy(unit)).toBe(0)
    clock.step(60_000)
    expect(await wrongBy(unit)).toBe(60)
    clock.step(-30_000)
    expect(await wrongBy(unit)).toBe(-30)
    clock.right()
    expect(await wrongBy(unit)).toBe(0)
  })

  test('can not be set for what asks the kernel itself', async () => {
    clock.step(60_000)
    expect(await wrongBy('etcd')).toBe(0)
    clock.right()
  })
})
