import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '../embedded/supervisor/whole-file.ts'

/** The clock on the wall of one host, as its programs see it. */
export interface WallClock {
  /** Sets it right; a host that is switched on begins with that. */
  right(): void
  /** Steps it by so many milliseconds from what is right; negative: back. Programs see it within a second. */
  step(ms: number): void
  /** By how much it is wrong, in milliseconds. */
  wrongMs(): number
  /** What a unit's environment needs, so that its programs go by this clock. */
  environmentOf(unit: string): Readonly<Record<string, string>>
}

// Two builds of one library: the first locks itself for each look at the clock, which threads need. The processes of PostgreSQL
// have one thread, and look at the clock in signal handlers too, where a lock would hang.
const libraries = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime`
const libraryOf = (unit: string): string => join(libraries, unit === 'patroni' ? 'libfaketime.so.1' : 'libfaketimeMT.so.1')

/**
 * Whom the library can't reach, or need not: etcd asks the kernel itself and measures by a clock that can't be stepped, as keepalived and epmd do.
 */
const leftOut = new Set(['etcd', 'keepalived', 'epmd'])

/** Whether this machine has the library that shows programs another time. */
export const canSetClocks = (): boolean => existsSync(libraryOf(''))

/** The clock of the host that keeps its sockets and the like in `folder`. */
export function openWallClock(folder: string): WallClock {
  const file = join(folder, 'clock')
  let wrongMs = 0
  const set = (ms: number) => {
    wrongMs = ms
    writeWhole(file, `${ms < 0 ? '-' : '+'}${Math.abs(ms) / 1000}\n`, { mode: 0o644 })
  }
  return {
    right: () => set(0),
    step: set,
    wrongMs: () => wrongMs,
    environmentOf: (unit) =>
      leftOut.has(unit)
        ? {}
        : {
            LD_PRELOAD: libraryOf(unit),
            FAKETIME_TIMESTAMP_FILE: file,
            // In seconds: how long a program goes by what it read there.
            FAKETIME_CACHE_DURATION: '1',
            // Durations are right, as on a machine whose clock is set.
            FAKETIME_DONT_FAKE_MONOTONIC: '1',
            NO_FAKE_STAT: '1',
          },
  }
}
