import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '../embedded/supervisor/whole-file.ts'
import { run } from './command.ts'
import type { Namespace } from './namespace.ts'

/** The clock on the wall of one host, as its programs see it. */
export interface WallClock {
  /** Hangs it up in a machine that was just switched on. */
  hang(machine: Namespace): Promise<void>
  /** Steps it by so many milliseconds from what is right; negative: back; 0: right again. Programs see it within a second. */
  step(ms: number): void
  /** By how much it is wrong, in milliseconds. */
  wrongMs(): number
  /** What a unit's environment needs, so that its programs go by this clock. */
  environmentOf(unit: string): Readonly<Record<string, string>>
}

// Two builds of one library: the first locks itself for each look at the clock, which threads need. The processes of PostgreSQL
// have one thread, and look at the clock in signal handlers too, where a lock would hang.
const libraries = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime`
const [forThreads, forProcesses] = ['libfaketimeMT.so.1', 'libfaketime.so.1'].map((name) => join(libraries, name)) as [string, string]

/** What goes by the wall, and can be shown another: see README.md for who is left out. */
const reached = new Set(['controller', 'nova-compute', 'galera', 'rabbitmq', 'haproxy'])
const postgres = '/usr/lib/postgresql/15/bin/postgres'

/** Whether this machine has the library that shows programs another time. */
export const canSetClocks = (): boolean => existsSync(forThreads)

/** The clock of the host that keeps its sockets and the like in `folder`. */
export function openWallClock(folder: string): WallClock {
  const file = join(folder, 'clock')
  let wrongMs = 0
  const environment = (library: string) => ({
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    // In seconds: how long a program goes by what it read there.
    FAKETIME_CACHE_DURATION: '1',
    // Durations are right, as on a machine whose clock is set.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1',
  })
  function step(ms: number) {
    wrongMs = ms
    writeWhole(file, `${ms < 0 ? '-' : '+'}${Math.abs(ms) / 1000}\n`, { mode: 0o644 })
  }
  return {
    step,
    wrongMs: () => wrongMs,
    async hang(machine) {
      step(0)
      if (!existsSync(postgres)) return
      // Patroni can't have the library, and starts PostgreSQL: so that is wrapped, for the eyes of this machine.
      const [inner, wrapper] = [join(folder, 'postgres'), join(folder, 'postgres-with-clock')]
      const settings = Object.entries(environment(forProcesses)).map(([name, value]) => `${name}=${value}`)
      writeWhole(inner, '', { mode: 0o755 })
      writeWhole(wrapper, `#!/bin/sh\nexec env ${settings.join(' ')} ${inner} "$@"\n`, { mode: 0o755 })
      await run([...machine.enter, 'mount', '--bind', postgres, inner])
      await run([...machine.enter, 'mount', '--bind', wrapper, postgres])
    },
    environmentOf: (unit) => (reached.has(unit) ? environment(forThreads) : {}),
  }
}
