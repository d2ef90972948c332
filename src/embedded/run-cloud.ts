import { rmSync } from 'node:fs'
import type { Config } from '../config/settings.ts'
import { systemClock } from '../kernel/clock.ts'
import { openLog } from '../kernel/log.ts'
import { authUrlOf, chosenPort, rootUrlOf } from './address.ts'
import { cloudsYaml } from './supervisor/clouds-yaml.ts'
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

/** Runs a whole cloud in this process's care until a signal asks for its end. Rejects with a StartupError when it can't be started. */
export async function runCloud(dir: StateDir, asked: Config, run: CloudRun): Promise<void> {
  const beganMs = systemClock.monotonicMs()
  const sinceMs = () => systemClock.monotonicMs() - beganMs
  const asking = untilSignalled()
  takeLock(dir)
  process.title = 'skykeel supervisor'
  try {
    run.begins({ version: version() })
    const config = { ...asked, port: await chosenPort(dir, asked) }
    const secrets = ensureSecrets(dir, config)
    const authUrl = authUrlOf(config)
    writeWhole(dir.clouds, cloudsYaml({ authUrl, region: config.region, password: secrets.adminPassword }))
    const log = openLog({ process: 'supervisor', level: config.logLevel, destination: logOf(dir, 'supervisor') })
    log.info({ version: version(), controllers: config.controllers, hosts: config.hosts }, 'a cloud starts')
    const cloud = await superviseCloud(
      { clock: systemClock, log },
      { dir, config, secrets, authUrl, version: version(), onStarted: (name) => run.started(name, sinceMs()) },
    )
    try {
      const note = await Promise.race([verifyCloud({ authUrl, rootUrl: rootUrlOf(config), password: secrets.adminPassword }), asking.then(() => undefined)])
      if (note) run.note(note)
      run.ready({ afterMs: sinceMs(), authUrl, password: secrets.adminPassword, ephemeral: config.ephemeral })
      log.info({ ms: Math.round(sinceMs()) }, 'the cloud is ready')
      run.stopping(await asking)
    } finally {
      const stopBeganMs = systemClock.monotonicMs()
      await cloud.stop()
      run.stopped(systemClock.monotonicMs() - stopBeganMs)
    }
  } finally {
    dropLock(dir)
    if (asked.ephemeral) rmSync(dir.root, { recursive: true, force: true })
  }
}
