import type { Context } from '../kernel/context.ts'
import type { HealthCheck } from '../kernel/http/health.ts'

/** Whether the message queue answered lately. Without it hosts ask controllers for their orders, where there is that way; else these wait. */
export const queueCheck =
  (ctx: Context): HealthCheck =>
  async () =>
    ctx.messaging.healthy() ? 'ok' : 'not reachable; hosts that know the way ask controllers for their orders'
