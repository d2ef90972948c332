import { existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from '../kernel/clock.ts'
import type { Log } from '../kernel/log.ts'
import type { GaleraControl } from './control.ts'

/** What mariadbd needs to start and to take in what it missed, in megabytes; a copy of everything may need more. */
const neededMb = 256
const lookEveryMs = 1000

/** Waits until there is room on the disk of the node's data, or the signal aborts. */
export async function roomFor({ clock, log }: { clock: Clock; log: Log }, { name, dataDir }: GaleraControl, signal: AbortSignal) {
  const folder = existsSync(dataDir) ? dataDir : dirname(dataDir)
  const free = () => {
    const { bavail, bsize } = statfsSync(folder)
    return (bavail * bsize) / 1024 ** 2
  }
  for (let told = false; free() < neededMb && !signal.aborted; told = true) {
    if (!told) log.warn({ node: name, folder, freeMb: Math.floor(free()), neededMb }, 'a Galera node waits for room on its disk')
    await clock.sleep(lookEveryMs, signal).catch(() => {})
  }
}
