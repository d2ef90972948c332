import { mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from './command.ts'
import { canMakeDisks, openDisk } from './disk.ts'
import { openNamespace, type Namespace } from './namespace.ts'

const able = process.getuid?.() === 0 && (await canMakeDisks())

describe.skipIf(!able)('the disk of a host', () => {
  let folder: string
  let machine: Namespace
  const at = () => join(folder, 'lib')
  const file = () => join(folder, 'c1.disk')
  const on = async () => {
    machine = await openNamespace('c1')
    const disk = openDisk({ file: file(), at: at() })
    await disk.mount(machine)
    return disk
  }
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'skykeel-disk-'))
    await run(['mkdir', at()])
  })
  afterAll(async () => {
    await machine.end()
    rmSync(folder, { recursive: true })
  })

  test('is full to the last byte until it is healed, and keeps what was on it', async () => {
    const disk = await on()
    const path = machine.path(join(at(), 'data'))
    writeFileSync(path, 'before')
    await disk.fill(machine)
    expect(disk.isFull()).toBe(true)
    expect(() => writeFileSync(machine.path(join(at(), 'more')), 'x')).toThrow('ENOSPC')
    await disk.empty()
    writeFileSync(machine.path(join(at(), 'more')), 'x')
    expect(readFileSync(path, 'utf8')).toBe('before')
  })

  test('outlives a loss of power, after which nothing of it is left in the kernel', async () => {
    writeFileSync(machine.path(join(at(), 'data')), 'kept')
    await machine.end()
    await expect.poll(() => run(['losetup', '--associated', file()])).toBe('')
    await on()
    expect(readFileSync(machine.path(join(at(), 'data')), 'utf8')).toBe('kept')
  })
})
