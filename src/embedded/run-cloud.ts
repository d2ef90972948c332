import { rmSync } from 'node:fs'
import type { Config } from '../config/settings.ts'
import { systemClock } from '../kernel/clock.ts'
import { openLog } from '../kernel/log.ts'
import { authUrlOf, chosenPort, rootUrlOf } from './address.ts'
import { cloudsYaml } from './supervisor/clouds-yaml.ts'
import { hostNames } from './host-names.ts'
import { untilSignalled } from './signals.ts'
import { dropLock, takeLock } from './supervisor/lock.ts'
import { ensureSecrets } from './supervisor/secrets.ts'
import { logOf, type StateDir } from './supervisor/state-dir.ts'
import { superviseCloud } from './supervisor/supervisor.ts'
import { writeWhole } from './supervisor/whole-file.ts'
import { verifyCloud } from './verify.ts'
import { version } from './version.ts'

/** Hears how the run goes, to tell a person. */
export interface CloudRun {
  begins(about: { version: string }): void
  started(name: string, afterMs: number): void
  note(text: string): void
  ready(about: { afterMs: number; authUrl: string; password: string; ephemeral: boolean }): void
  stopping(why: string): void
  stopped(afterMs: number): void
}

// A signal asked for the end, which is how every run ends that does not fail.
class GivenUp extends Error {}

/** Runs a whole cloud in this process's care until a signal asks for its end. Rejects with a StartupError when it can't be started. */
export async function runCloud(dir: StateDir, asked: Config, run: CloudRun): Promise<void> {
  const beganMs = systemClock.monotonicMs()
  const sinceMs = () => systemClock.monotonicMs() - beganMs
  let askedMs = 0
  const givenUp = untilSignalled().then((signal) => {
    run.stopping(signal)
    askedMs = sinceMs()
    throw new GivenUp(signal)
  })
  givenUp.catch(() => {})
  takeLock(dir)
  process.title = 'skykeel supervisor'
  try {
    run.begins({ version: version() })
    await serveUntil(givenUp, dir, { config: { ...asked, port: await chosenPort(dir, asked) }, run, sinceMs })
  } catch (error) {
    if (!(error instanceof GivenUp)) throw error
    run.stopped(sinceMs() - askedMs)
  } finally {
    dropLock(dir)
    if (asked.ephemeral) rmSync(dir.root, { recursive: true, force: true })
  }
}

async function serveUntil(
  givenUp: Promise<never>,
  dir: StateDir,
  { config, run, sinceMs }: { config: Config; run: CloudRun; sinceMs: () => number },
): Promise<void> {
  const secrets = ensureSecrets(dir, config)
  const [authUrl, rootUrl, password] = [authUrlOf(config), rootUrlOf(config), secrets.adminPassword]
  writeWhole(dir.clouds, cloudsYaml({ authUrl, region: config.region, password }))
  const log = openLog({ process: 'supervisor', level: config.logLevel, destination: logOf(dir, 'supervisor') })
  log.info({ version: version(), controllers: config.controllers, hosts: config.hosts }, 'a cloud starts')
  const cloud = await superviseCloud(
    { clock: systemClock, log },
    { dir, config, secrets, authUrl, version: version(), onStarted: (name) => run.started(name, sinceMs()), givenUp },
  )
  try {
    const note = await Promise.race([verifyCloud({ authUrl, rootUrl, password, hosts: hostNames(config) }), givenUp])
    if (note) run.note(note)
    log.info({ ms: Math.round(sinceMs()) }, 'the cloud is ready')
    run.ready({ afterMs: sinceMs(), authUrl, password, ephemeral: config.ephemeral })
    await givenUp
  } finally {
    await cloud.stop()
  }
}
