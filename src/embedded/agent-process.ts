import { join } from 'node:path'
import { openAgent } from '../agent/agent.ts'
import { askControllers } from '../agent/second-way.ts'
import { openSimDriver } from '../agent/drivers/sim.ts'
import type { Config } from '../config/settings.ts'
import { needed } from '../config/needed.ts'
import { StartupError } from '../config/startup-error.ts'
import { systemClock as clock, systemIds as ids } from '../kernel/clock.ts'
import { openLog, type Log } from '../kernel/log.ts'
import type { Messaging } from '../kernel/messaging/messaging.ts'
import { openMessaging } from '../kernel/messaging/open-messaging.ts'
import { withSecondWay } from '../kernel/messaging/second-way.ts'
import { hostKey } from '../topology/agents-door.ts'
import { hostNames } from './host-names.ts'
import { untilSignalled } from './signals.ts'
import type { Supervised } from './supervisor/supervised.ts'

/** What each simulated hypervisor says that it has: room for all that a cloud takes in while its database finds another primary. */
const resources = { vcpus: 64, memoryMb: 262_144, diskGb: 4000 }

/** An agent of simulated hosts as a process of its own. Resolves when it was asked to end and has; guests live on in the state directory. */
export async function serveAgent({ config, parent }: { config: Config; parent: Supervised | undefined }): Promise<void> {
  const name = config.name ?? `nova-compute-${process.pid}`
  const log = openLog({ process: name, level: config.logLevel })
  const asked = untilSignalled()
  const queue = await openMessaging({ url: needed(config, 'messaging'), log, clock, ids })
  const messaging = beside(queue, config, log)
  const stateDir = join(config.stateDir, 'agent')
  const hosts = hostNames(config).map((host) => ({ name: host, resources }))
  const agent = await openAgent({ messaging, log, clock, ids, name, hosts, driver: await openSimDriver({ clock, stateDir }), stateDir })
  log.info({ hosts: hosts.length }, 'an agent takes orders')
  parent?.ready()
  log.info({ signal: await asked }, 'an agent stops')
  await agent.stop()
  await messaging.close()
}

/** The queue with a way to the controllers beside it, where that is configured. */
function beside(queue: Messaging, config: Config, log: Log): Messaging {
  if (config.secondWay === undefined) return queue
  const names = hostNames(config)
  // An agent of a cloud on one machine knows the secret that every key is made of.
  const keys = config.hostKeys?.split(',') ?? (config.secret === undefined ? [] : names.map((name) => hostKey(config.secret!, name)))
  if (names.length === 0) return queue
  if (keys.length !== names.length)
    throw new StartupError('The second way needs a key for each host', 'Give them as host_keys, in the order of host_names.')
  const hosts = names.map((name, index) => ({ name, key: keys[index]! }))
  return withSecondWay(queue, askControllers({ urls: config.secondWay.split(','), hosts, clock, ids, log }), { clock, log })
}
