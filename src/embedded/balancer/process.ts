import { systemClock, systemIds } from '../../kernel/clock.ts'
import { openLog } from '../../kernel/log.ts'
import { startAdmin } from './admin.ts'
import { startBalancer } from './balance.ts'
import { followControl, readControl } from './control.ts'

/**
 * The balancer as a process of its own: `skykeel serve balancer --control <file>`. Tells its parent, if it has a channel to it, where
 * it listens; SIGHUP reads the file again, SIGTERM and SIGINT stop it gracefully. Resolves when it has stopped.
 */
export async function serveBalancer({ controlPath, logLevel }: { controlPath: string; logLevel?: string }): Promise<void> {
  const log = openLog({ process: 'balancer', ...(logLevel !== undefined && { level: logLevel }) })
  const ctx = { clock: systemClock, ids: systemIds, log }
  const control = readControl(controlPath)
  const balancer = await startBalancer(ctx, control)
  const admin = await startAdmin(balancer.parts, control.admin)
  const unfollow = followControl(log, controlPath, ({ backends }) => balancer.setBackends(backends))
  // Whatever was written between the first reading and the watch.
  balancer.setBackends(readControl(controlPath).backends)
  const stopped = Promise.withResolvers<void>()
  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    log.info({}, 'balancer stops')
    unfollow()
    void balancer
      .stop()
      .then(() => admin.stop())
      .then(stopped.resolve)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  const where = { listening: balancer.listening, admin: admin.listening }
  log.info(where, 'balancer listens')
  process.send?.({ kind: 'ready', ...where })
  await stopped.promise
  if (process.connected) process.disconnect()
}
