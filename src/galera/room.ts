import { existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from '../kernel/clock.ts'
import type { Log } from '../kernel/log.ts'
import type { GaleraControl } from './control.ts'

/** What mariadbd needs to start and to take in what it missed, in megabytes; a copy of everything may need more. */
const neededMb = 256
/** With less than this a node leaves while it still can in order, and then misses only what the others did meanwhile. */
const tightMb = 32
const lookEveryMs = 1000

function freeMb({ dataDir }: GaleraControl): number {
  const { bavail, bsize } = statfsSync(existsSync(dataDir) ? dataDir : dirname(dataDir))
  return (bavail * bsize) / 1024 ** 2
}

/** Whether hardly anything can be written on the disk of the node's data. */
export const isTight = (control: GaleraControl): boolean => freeMb(control) < tightMb

/** Waits until there is room on the disk of the node's data, or the signal aborts. */
export async function roomFor({ clock, log }: { clock: Clock; log: Log }, control: GaleraControl, signal: AbortSignal) {
  for (let told = false; freeMb(control) < neededMb && !signal.aborted; told = true) {
    if (!told) log.warn({ node: control.name, freeMb: Math.floor(freeMb(control)), neededMb }, 'a Galera node waits for room on its disk')
    await clock.sleep(lookEveryMs, signal).catch(() => {})
  }
}
