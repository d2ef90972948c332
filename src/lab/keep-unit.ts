import { join } from 'node:path'
import { signal } from '../embedded/postgres/processes.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Log } from '../kernel/log.ts'
import type { Unit } from '../topology/unit.ts'
import type { Namespace } from './namespace.ts'
import type { WallClock } from './wrong-clock.ts'
import { killProcesses, processesOf, startCommand, type UnitProcess } from './unit-process.ts'

export type UnitState = 'starting' | 'running' | 'frozen' | 'restarting' | 'stopped'

/** One unit of one machine, kept running as systemd would keep it. */
export interface KeptUnit {
  readonly unit: Unit
  /** Is kept by another plan of it from its next start on. */
  become(unit: Unit): void
  state(): UnitState
  pid(): number
  /** kill -9 for all of its processes; it is started again. */
  kill(): Promise<void>
  freeze(): void
  thaw(): void
  /** Ends it in order, and starts it again. */
  restart(): Promise<void>
  /** Ends it in order, and leaves it so until `start`. */
  stop(): Promise<void>
  start(): void
  /** Its machine is gone: nothing is left to be ended. */
  abandon(): void
}

interface Where {
  readonly machine: Namespace
  readonly logFolder: string
  readonly wallClock?: WallClock | undefined
}

const beforeTimeoutMs = 180_000

/** Keeps a unit running until it is stopped, or its machine's power is cut. */
export function keepUnit(ctx: { clock: Clock; log: Log }, first: Unit, { machine, logFolder, wallClock }: Where): KeptUnit {
  const { clock, log } = ctx
  let unit = first
  const logPath = join(logFolder, `${unit.name}.log`)
  const clockEnvironment = wallClock?.environmentOf(unit.name) ?? {}
  let state: UnitState = 'stopped'
  let life: UnitProcess | undefined
  let stopping: AbortController | undefined
  let ended = Promise.resolve()

  async function liveOnce(signal: AbortSignal): Promise<string> {
    for (const command of unit.before) {
      const first = startCommand(machine, unit, { command, logPath, clockEnvironment })
      const why = await Promise.race([
        first.exited,
        clock.sleep(beforeTimeoutMs, signal).then(
          () => 'too slow',
          () => 'stopped',
        ),
      ])
      if (why !== 'it ended with code 0') return `${command.join(' ')}: ${why}`
    }
    if (signal.aborted) return 'stopped'
    life = startCommand(machine, unit, { command: unit.command, logPath, clockEnvironment })
    state = 'running'
    return life.exited
  }

  async function loop(signal: AbortSignal) {
    state = 'starting'
    while (!signal.aborted) {
      const why = await liveOnce(signal)
      life = undefined
      if (!unit.leavesChildren || signal.aborted) await killProcesses(machine, unit.name)
      if (signal.aborted) break
      state = 'restarting'
      log.warn({ unit: unit.name, why }, 'a unit ended and is started again')
      await clock.sleep(unit.restartSeconds * 1000, signal).catch(() => {})
    }
    state = 'stopped'
  }

  function start() {
    if (stopping && !stopping.signal.aborted) return
    const before = ended
    stopping = new AbortController()
    const { signal } = stopping
    ended = before.then(() => loop(signal))
  }

  async function stop() {
    stopping?.abort()
    const pid = life?.pid() ?? 0
    if (pid > 0) signal(pid, unit.stopSignal)
    const late = new AbortController()
    void clock.sleep(unit.stopSeconds * 1000, late.signal).then(
      () => killProcesses(machine, unit.name),
      () => {},
    )
    life?.wake()
    await ended
    late.abort()
  }

  const signalAll = (name: NodeJS.Signals) => {
    for (const pid of processesOf(machine, unit.name)) signal(pid, name)
  }
  start()
  return {
    get unit() {
      return unit
    },
    become(next) {
      unit = next
    },
    state: () => state,
    pid: () => life?.pid() ?? 0,
    async kill() {
      await killProcesses(machine, unit.name)
      life?.wake()
    },
    freeze() {
      signalAll('SIGSTOP')
      state = 'frozen'
    },
    thaw() {
      signalAll('SIGCONT')
      life?.wake()
      state = life ? 'running' : state
    },
    async restart() {
      await stop()
      start()
    },
    stop,
    start,
    abandon() {
      stopping?.abort()
      // Otherwise what stands between us and a frozen one stays, and holds the machine's disk.
      life?.wake()
    },
  }
}
