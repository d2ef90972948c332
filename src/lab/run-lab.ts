import { chmodSync, mkdirSync } from 'node:fs'
import { rootUrlOf, authUrlOf } from '../embedded/address.ts'
import { untilSignalled } from '../embedded/signals.ts'
import { cloudsYaml } from '../embedded/supervisor/clouds-yaml.ts'
import { dropLock, takeLock } from '../embedded/supervisor/lock.ts'
import { ensureSecrets } from '../embedded/supervisor/secrets.ts'
import { logOf } from '../embedded/supervisor/state-dir.ts'
import { readJson, writeWhole } from '../embedded/supervisor/whole-file.ts'
import { verifyCloud } from '../embedded/verify.ts'
import { StartupError } from '../config/startup-error.ts'
import { systemClock } from '../kernel/clock.ts'
import { openLog } from '../kernel/log.ts'
import { hostsWith } from '../topology/model.ts'
import { secretOf } from '../topology/secret-of.ts'
import { openLab, type Lab } from './lab.ts'
import { labTopology } from './lab-topology.ts'
import { checkMachine } from './check-machine.ts'
import { freeSubnet } from './network.ts'
import { statusOf } from './lab-status.ts'
import { takeOrders } from './orders.ts'
import type { LabDir } from './places.ts'
import { versionIn } from './programs.ts'

export type LabDatabase = 'galera' | 'patroni'

/** Hears how the run goes. */
export interface LabRun {
  begins(about: { database: LabDatabase; subnet: number; version: string }): void
  ready(about: { afterMs: number; authUrl: string; password: string }): void
  stopping(why: string): void
}

/** How long the clusters may take to form, in milliseconds. */
const readyTimeoutMs = 180_000

/** Runs a lab in this process's care until a signal asks for its end. Rejects with a StartupError when it can't be started. */
export async function runLab(
  dir: LabDir,
  { database, program, adminPassword }: { database: LabDatabase; program: string; adminPassword?: string | undefined },
  run: LabRun,
) {
  const [clock, began] = [systemClock, systemClock.monotonicMs()]
  const asked = untilSignalled()
  checkMachine(database)
  const version = await versionIn(program)
  makeLabDir(dir)
  takeLock(dir)
  process.title = 'skykeel lab'
  try {
    keepDatabase(dir, database)
    const subnet = freeSubnet()
    const topology = labTopology({ database, subnet, images: dir.images })
    const secrets = ensureSecrets(dir, { adminPassword })
    const at = { host: topology.address, port: topology.port }
    const [authUrl, rootUrl, password] = [authUrlOf(at), rootUrlOf(at), secrets.adminPassword]
    writeWhole(dir.clouds, cloudsYaml({ authUrl, region: topology.region, password }))
    const log = openLog({ process: 'lab', level: 'info', destination: logOf(dir, 'supervisor') })
    run.begins({ database, subnet, version })
    const lab = await openLab(
      { clock, log },
      { dir, topology, subnet, program, rendering: { secretOf: secretOf(secrets.cloudSecret), adminPassword: password } },
    )
    let ready = false
    const close = await takeOrders(dir.control, lab, () => ({ ready, auth_url: authUrl, database }))
    try {
      const hosts = hostsWith(topology, 'nova-compute').map(({ name }) => name)
      const stopped = asked.then(() => 'stopped' as const)
      if ((await Promise.race([untilReady(lab, { authUrl, rootUrl, password, hosts }), stopped])) !== 'stopped') {
        ready = true
        run.ready({ afterMs: clock.monotonicMs() - began, authUrl, password })
      }
      run.stopping(await asked)
    } finally {
      close()
      await lab.stop()
    }
  } finally {
    dropLock(dir)
  }
}

/** Uses the cloud as a user would, again and again until it works and nothing redundant is still on its way. */
async function untilReady(lab: Lab, options: Parameters<typeof verifyCloud>[0]): Promise<void> {
  const endMs = systemClock.monotonicMs() + readyTimeoutMs
  for (;;) {
    try {
      await verifyCloud(options)
      const missing = (await statusOf(lab)).processes.filter(({ state }) => state !== 'running')
      if (missing.length === 0) return
      throw new Error(`these are not up: ${missing.map(({ name }) => name).join(', ')}`)
    } catch (error) {
      if (systemClock.monotonicMs() > endMs) {
        throw new StartupError(
          `The lab was not ready within ${readyTimeoutMs / 1000} s: ${(error as Error).message}`,
          'The logs of its units lie in hosts/HOST/log in the state directory.',
          { cause: error },
        )
      }
      await systemClock.sleep(250)
    }
  }
}

// Other users' programs run in it, so that they must be able to pass through; what is secret is closed by itself.
function makeLabDir(dir: LabDir) {
  for (const path of [dir.root, dir.hosts, dir.logs, dir.images]) mkdirSync(path, { recursive: true, mode: 0o755 })
  chmodSync(dir.root, 0o711)
}

/** A lab's data are of one engine; another would find nothing there. */
function keepDatabase(dir: LabDir, database: LabDatabase) {
  const known = readJson(dir.lab) as { database: LabDatabase } | undefined
  if (known && known.database !== database)
    throw new StartupError(
      `The lab in ${dir.root} was made with ${known.database}`,
      `Say --database ${known.database}, choose another --state-dir, or remove it by \`skykeel lab down --purge\`.`,
    )
  writeWhole(dir.lab, JSON.stringify({ database }))
}
