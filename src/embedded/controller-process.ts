import type { Config } from '../config/settings.ts'
import { needed } from '../config/needed.ts'
import { placeOfImages } from '../config/place-of-images.ts'
import { openController } from '../controller/controller.ts'
import { openLog } from '../kernel/log.ts'
import { readPolicies } from './policy-file.ts'
import { untilSignalled } from './signals.ts'
import type { Supervised } from './supervisor/supervised.ts'

/** How long a controller that drains still serves: a balancer checks every half second, and must have seen the failed check. */
const lingerMs = 1_500

/** A controller as a process of its own. Resolves when it was asked to end and has: SIGTERM drains, SIGINT doesn't wait for a balancer. */
export async function serveController({
  config,
  roles,
  parent,
}: {
  config: Config
  roles: readonly string[]
  parent: Supervised | undefined
}): Promise<void> {
  const name = config.name ?? `${roles.length === 1 ? roles[0] : 'controller'}-${process.pid}`
  const log = openLog({ process: name, level: config.logLevel })
  const asked = untilSignalled()
  const databaseUrl = needed(config, 'database')
  const controller = await openController({
    name,
    databaseUrl,
    messagingUrl: config.messaging ?? databaseUrl,
    secret: needed(config, 'secret'),
    roles,
    host: config.host,
    port: config.port,
    nativePorts: config.nativePorts && (parent ? 'any' : true),
    images: placeOfImages(config),
    imageSizeCap: config.imageSizeCap,
    region: config.region,
    // Its settings for that have keystone's names, as this has.
    compliance: config,
    log,
    ...(config.corsOrigins && { corsOrigins: listed(config.corsOrigins) }),
    ...(config.imageNetworks && { imageNetworks: listed(config.imageNetworks) }),
    ...(config.peers && { peers: listed(config.peers) }),
    ...(config.floatingAddress && { floatingAddress: config.floatingAddress }),
    ...(config.policyFile && { policies: await readPolicies(config.policyFile) }),
  })
  log.info({ host: config.host, port: controller.port, roles }, 'a controller serves')
  parent?.ready({ '': controller.port, ...controller.nativePorts })
  const signal = await asked
  log.info({ signal }, 'a controller stops')
  await controller.stop({ lingerMs: signal === 'SIGTERM' ? lingerMs : 0 })
}

const listed = (text: string): string[] => text.split(',').map((one) => one.trim())
