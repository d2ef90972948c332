import { join } from 'node:path'
import { openAgent } from '../agent/agent.ts'
import { openSimDriver } from '../agent/drivers/sim.ts'
import type { Config } from '../config/settings.ts'
import { needed } from '../config/needed.ts'
import { systemClock as clock, systemIds as ids } from '../kernel/clock.ts'
import { openLog } from '../kernel/log.ts'
import { openMessaging } from '../kernel/messaging/open-messaging.ts'
import { hostNames } from './host-names.ts'
import { untilSignalled } from './signals.ts'
import type { Supervised } from './supervisor/supervised.ts'

/** What each simulated hypervisor says that it has. */
const resources = { vcpus: 16, memoryMb: 32_768, diskGb: 500 }

/** An agent of simulated hosts as a process of its own. Resolves when it was asked to end and has; guests live on in the state directory. */
export async function serveAgent({ config, parent }: { config: Config; parent: Supervised | undefined }): Promise<void> {
  const name = config.name ?? `nova-compute-${process.pid}`
  const log = openLog({ process: name, level: config.logLevel })
  const asked = untilSignalled()
  const messaging = await openMessaging({ url: needed(config, 'messaging'), log, clock, ids })
  const stateDir = join(config.stateDir, 'agent')
  const hosts = hostNames(config).map((host) => ({ name: host, resources }))
  const agent = await openAgent({ messaging, log, clock, ids, name, hosts, driver: await openSimDriver({ clock, stateDir }), stateDir })
  log.info({ hosts: hosts.length }, 'an agent takes orders')
  parent?.ready()
  log.info({ signal: await asked }, 'an agent stops')
  await agent.stop()
  await messaging.close()
}
