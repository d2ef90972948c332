import { forWork, type Context } from '../../kernel/context.ts'
import type { Background } from '../../cloud/service.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import type { Hearing } from './hearing.ts'
import { insertService, touchConductor, touchServices } from './register-store.ts'

/** As often as hosts do, so that all may stall for as long. */
const everyMs = 1000
/** The roles that show among the compute services without a host behind them. */
const announced = ['nova-conductor', 'nova-scheduler']

/** Keeps saying that this controller's conductor and scheduler are there, until stopped. */
export function announceServices(base: Context, roles: ReadonlySet<string>, controller: string, hearing: Hearing): Background {
  const stopping = new AbortController()
  const loop = async () => {
    while (!stopping.signal.aborted) {
      const ctx = forWork(base, `req-${base.ids.uuid()}`)
      if (roles.has('nova-conductor')) hearing.speak(ctx)
      for (const program of announced.filter((role) => roles.has(role))) {
        await announce(ctx, program, controller, hearing).catch((error: unknown) => {
          ctx.log.warn({ program, reason: (error as Error).message }, 'a service can not say that it is there')
        })
      }
      await base.clock.sleep(everyMs, stopping.signal).catch(() => {})
    }
  }
  const looping = loop()
  return {
    async stop() {
      stopping.abort()
      await looping
    },
  }
}

async function announce(ctx: Context, program: string, host: string, hearing: Hearing): Promise<void> {
  const touch = program === 'nova-conductor' ? touchConductor(ctx, host, hearing.hears()) : touchServices(ctx, program, [host])
  if ((await touch) > 0) return
  await transaction(ctx, 'services: announce', async (tx) => insertService(ctx, tx, program, host))
}
