import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { systemIds } from '../../kernel/clock.ts'
import { isAlive } from './processes.ts'

/**
 * Builds directory `target` under another name and then gives it its name, so that whoever looks sees all of it or nothing, however
 * this process ends. Of several builders at once the first wins, and the others throw their work away.
 */
export async function buildWhole(target: string, fill: (making: string) => Promise<void>): Promise<void> {
  await removeAbandoned(target)
  const making = `${target}.making.${hostname()}.${process.pid}.${systemIds.hex()}`
  try {
    await mkdir(making, { mode: 0o700 })
    await fill(making)
    await rename(making, target)
  } catch (error) {
    await rm(making, { recursive: true, force: true })
    const lostTheRace = await stat(target).catch(() => undefined)
    if (!lostTheRace) throw error
    return
  }
  await syncDirectory(dirname(target))
}

/** Makes names in a directory survive a loss of power. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path)
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

// The name holds the builder's host and pid: a dead builder's work is removed, another container's is left alone.
async function removeAbandoned(target: string): Promise<void> {
  const prefix = `${basename(target)}.making.${hostname()}.`
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(prefix) || isAlive(Number.parseInt(name.slice(prefix.length)))) continue
    await rm(join(dirname(target), name), { recursive: true, force: true })
  }
}
