import type { Context } from '../kernel/context.ts'
import type { HealthCheck } from '../kernel/http/health.ts'

const checkMs = 1500

/** Whether the database answers and can be written. */
export const databaseCheck =
  (ctx: Context): HealthCheck =>
  async () => {
    const answers = ctx.db
      .selectFrom('kernel_idempotency_keys')
      .select('id')
      .limit(1)
      .execute()
      .then(() => 'ok')
    return Promise.race([answers, ctx.clock.sleep(checkMs).then(() => `no answer within ${checkMs} ms`)])
  }

/** Whether the message queue answered lately. Without it the API goes on accepting; orders to hosts wait. */
export const queueCheck =
  (ctx: Context): HealthCheck =>
  async () =>
    ctx.messaging.healthy() ? 'ok' : 'not reachable; accepted work waits'
