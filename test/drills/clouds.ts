import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartupError } from '../../src/config/startup-error.ts'
import { embeddedTarget } from '../../src/drill/embedded-target.ts'
import type { Target } from '../../src/drill/target.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { checkMachine } from '../../src/lab/check-machine.ts'
import { labTarget } from '../../src/lab/drill-target.ts'
import type { LabDatabase } from '../../src/lab/run-lab.ts'
import { lastReleaseFolder } from '../../tools/last-release.ts'
import { startEmbeddedCloud } from '../helpers/embedded-cloud.ts'
import { rabbitInstalled, startRabbit } from '../helpers/rabbitmq.ts'
import { lastWordsOf } from './last-words.ts'
import { withBroker } from './with-broker.ts'

/** The clouds that are drilled. */
export const cloudNames = ['embedded', 'embedded-rabbitmq', 'galera', 'patroni', 'last-release'] as const
export type CloudName = (typeof cloudNames)[number]

export interface DrilledCloud {
  readonly target: Target
  /** Ends it and removes all that it kept. */
  close(): Promise<void>
}

export interface CloudKind {
  readonly words: string
  /** Throws a StartupError when this machine can't run it. */
  check(): void
  /** Starts a fresh one. Rejects when it does not become ready, and leaves nothing behind then either. */
  start(ctx: { signal: AbortSignal }): Promise<DrilledCloud>
}

/** How each of them is had. */
export const clouds: Readonly<Record<CloudName, CloudKind>> = {
  embedded: { words: 'the embedded cloud', check: () => {}, start: async () => embedded() },
  'embedded-rabbitmq': { words: 'the embedded cloud with its queue on RabbitMQ', check: needRabbit, start: embeddedWithRabbit },
  galera: { words: 'a lab of five hosts with Galera and RabbitMQ', check: () => checkMachine('galera'), start: lab('galera') },
  patroni: { words: 'a lab of five hosts with Patroni and RabbitMQ', check: () => checkMachine('patroni'), start: lab('patroni') },
  'last-release': {
    words: 'a lab of five hosts with Galera and RabbitMQ that runs the last release',
    check: () => checkMachine('galera'),
    start: async (ctx) => lab('galera', ['--program', lastReleaseFolder()])(ctx),
  },
}

async function embedded(messaging?: string): Promise<DrilledCloud> {
  const cloud = await startEmbeddedCloud(messaging === undefined ? {} : { messaging })
  return { target: (await embeddedTarget({ clock: systemClock }, cloud.stateDir))!, close: () => cloud.down() }
}

async function embeddedWithRabbit(): Promise<DrilledCloud> {
  const broker = await startRabbit()
  try {
    const { target, close } = await embedded(broker.url)
    return {
      target: withBroker(target, broker),
      async close() {
        await close()
        await broker.stop()
      },
    }
  } catch (error) {
    await broker.stop()
    throw error
  }
}

function needRabbit(): void {
  if (!rabbitInstalled) throw new StartupError('RabbitMQ is not installed', 'Debian: apt-get install rabbitmq-server')
}

const skykeel = join(import.meta.dirname, '../../bin/skykeel')

function lab(database: LabDatabase, more: readonly string[] = []): CloudKind['start'] {
  return async ({ signal }) => {
    const dir = mkdtempSync(join(tmpdir(), `skykeel-lab-${database}-`))
    // A group of its own, so that a Ctrl-C reaches the drill first, which puts right what it has broken.
    const child = spawn(skykeel, ['lab', 'up', '--foreground', '--database', database, '--state-dir', dir, ...more], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    let said = ''
    for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding('utf8').on('data', (text: string) => (said += text))
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()))
    const close = async () => {
      child.kill('SIGTERM')
      await ended
      rmSync(dir, { recursive: true, force: true })
    }
    const ready = new Promise<true>((resolve) => child.once('message', () => resolve(true)))
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    const target = (await Promise.race([ready, ended, aborted])) && (await labTarget({ clock: systemClock }, dir))
    if (target) return { target, close }
    const words = [said.trim(), ...(signal.aborted ? [] : lastWordsOf(join(dir, 'hosts')))].join('\n')
    await close()
    signal.throwIfAborted()
    throw new Error(`the lab with ${database} does not start:\n${words}`)
  }
}
