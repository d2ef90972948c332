import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config/settings.ts'
import { StartupError } from '../../config/startup-error.ts'
import { systemClock } from '../../kernel/clock.ts'
import { processByPid } from '../postgres/processes.ts'
import { tailOf } from './logs.ts'
import type { Ports, Running } from './part.ts'
import { endOf, endProcess } from './processes.ts'
import { processOf, type RosterEntry } from './roster.ts'

/** How one of our own programs is run as a process of its own. */
export interface NodeProcess {
  readonly name: string
  /** Arguments of the skykeel command: ['serve', 'controller']. */
  readonly command: readonly string[]
  /** Limits for V8: what a process may hold shapes what it keeps. */
  readonly heapMb: { readonly old: number; readonly young: number }
  readonly stopSignal: NodeJS.Signals
  readonly stopTimeoutMs: number
  readonly logPath: string
}

/** What a supervised process is told once it listens to its parent. Over the channel, not by arguments, since it holds secrets. */
export interface Orders {
  readonly kind: 'orders'
  readonly stateDir: string
  readonly config: Config
}

const main = join(import.meta.dirname, '../../cli/main.ts')
const readyTimeoutMs = 60_000

/** A process that was spawned, and loads its code while others of the cloud start; `begin` makes it serve. */
export interface Spawned {
  begin(orders: Orders): Promise<Running>
  abandon(): Promise<void>
}

/** Spawns the process. It outlives this one: detached, and with its log in its own hands. */
export function spawnNode(program: NodeProcess): Spawned {
  const log = openSync(program.logPath, 'a', 0o600)
  const flags = [`--max-old-space-size=${program.heapMb.old}`, `--max-semi-space-size=${program.heapMb.young}`]
  const child = spawn(process.execPath, [...flags, main, ...program.command], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    env: { ...process.env, SKYKEEL_SUPERVISED: program.name },
    cwd: '/',
  })
  closeSync(log)
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ? `it was ended by ${signal}` : `it ended with code ${code}`))
    child.once('error', (error) => resolve(`it can't be run: ${error.message}`))
  })
  child.on('error', () => {})
  const stop = async () => endProcess(child.pid ?? 0, { first: program.stopSignal, timeoutMs: program.stopTimeoutMs, exited })
  return {
    begin: async (orders) => {
      child.send(orders, () => {})
      const ports = await readiness(child, exited, program).catch(async (error: unknown) => {
        child.kill('SIGKILL')
        await exited
        throw error
      })
      return { pid: child.pid!, exited, stop, ports }
    },
    abandon: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

async function readiness(child: ChildProcess, exited: Promise<string>, { name, logPath }: NodeProcess): Promise<Ports> {
  const ready = Promise.withResolvers<Ports>()
  child.on('message', (message: { kind?: string; ports?: Ports; problem?: { message: string; hint: string } }) => {
    if (message.kind === 'ready') ready.resolve(message.ports ?? {})
    if (message.problem) ready.reject(new StartupError(message.problem.message, message.problem.hint))
  })
  const patience = new AbortController()
  const fail = (why: string) => {
    throw new StartupError(`${name} did not start: ${why}\n${tailOf(logPath, 5)}`, `Its log tells more: \`skykeel logs ${name}\`.`)
  }
  const late = systemClock.sleep(readyTimeoutMs, patience.signal).then(() => fail(`it was not ready after ${readyTimeoutMs / 1000} s`))
  late.catch(() => {})
  return Promise.race([ready.promise, late, exited.then(fail)]).finally(() => patience.abort())
}

/** Takes over a process that an earlier supervisor left behind. */
export function adoptNode(entry: RosterEntry, program: NodeProcess): Running | undefined {
  const found = processOf(entry)
  if (!found) return undefined
  const exited = endOf(found).then(() => 'it ended')
  const stop = async () => endProcess(entry.pid, { first: program.stopSignal, timeoutMs: program.stopTimeoutMs, exited })
  return { pid: entry.pid, exited, stop, ports: entry.ports }
}

/** Names what a process was started with, so that another supervisor can tell whether it would have done the same. */
export const recipeOf = (program: NodeProcess, orders: Orders, version: string): string =>
  createHash('sha256')
    .update(JSON.stringify([program.command, program.heapMb, orders, version]))
    .digest('hex')
    .slice(0, 16)

/** When a process of this number began, for the roster. */
export const startOf = (pid: number): string => processByPid(pid)?.startedAt ?? ''
