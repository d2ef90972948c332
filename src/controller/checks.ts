import type { Context } from '../kernel/context.ts'
import type { HealthCheck } from '../kernel/http/health.ts'

/** Whether the message queue answered lately. Without it the API goes on accepting; orders to hosts wait. */
export const queueCheck =
  (ctx: Context): HealthCheck =>
  async () =>
    ctx.messaging.healthy() ? 'ok' : 'not reachable; accepted work waits'
