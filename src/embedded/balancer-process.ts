import type { Config } from '../config/settings.ts'
import { systemClock } from '../kernel/clock.ts'
import { serveBalancer } from './balancer/process.ts'
import { endCloud } from './end-cloud.ts'
import { purge } from './purge.ts'
import { readRoster } from './supervisor/roster.ts'
import { stateDirAt } from './supervisor/state-dir.ts'
import type { Supervised } from './supervisor/supervised.ts'

/** Time for the controllers and agents, which end by themselves too, to finish what they do, in milliseconds. */
const othersEndMs = 3_000

/**
 * The balancer as a process of its own. When nobody came to take over from a killed supervisor, it is the one that ends what can't end by
 * itself: the database.
 */
export async function serveSupervisedBalancer({
  controlPath,
  config,
  parent,
}: {
  controlPath: string
  config: Config
  parent: Supervised | undefined
}): Promise<void> {
  const orders = await parent?.orders
  await serveBalancer({ controlPath, logLevel: (orders?.config ?? config).logLevel })
  if (!orders || !parent?.abandoned()) return
  const dir = stateDirAt(orders.stateDir)
  await systemClock.sleep(othersEndMs)
  const ephemeral = readRoster(dir)?.ephemeral
  await endCloud(dir, { except: process.pid })
  if (ephemeral) await purge(dir)
}
