import { forWork, type Context } from '../../kernel/context.ts'
import { againAndAgain, type Background } from '../../kernel/again-and-again.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import type { Hearing } from './hearing.ts'
import { insertService, touchServices } from './register-store.ts'
import { lookEveryMs, openSilenceWatch } from './silence.ts'

/** The roles that show among the compute services without a host behind them. */
const announced = ['nova-conductor', 'nova-scheduler']

/** Keeps saying that this controller's conductor and scheduler are there, and watches for those that fall silent, until stopped. */
export function announceServices(base: Context, roles: ReadonlySet<string>, controller: string, hearing: Hearing): Background {
  const watch = openSilenceWatch(() => hearing.hears())
  const programs = announced.filter((role) => roles.has(role))
  const speakAndLook = async (ctx: Context) => {
    if (roles.has('nova-conductor')) hearing.speak(ctx)
    // Speaks first: a database that takes no word of this one takes none of the others.
    for (const program of programs) await announce(ctx, program, controller)
    await watch.look(ctx)
  }
  return againAndAgain(base, lookEveryMs, async () => {
    const ctx = forWork(base, `req-${base.ids.uuid()}`)
    await speakAndLook(ctx).catch((error: unknown) => {
      watch.forget()
      ctx.log.warn({ reason: (error as Error).message }, 'whether services are there can be neither said nor seen')
    })
  })
}

async function announce(ctx: Context, program: string, host: string): Promise<void> {
  if ((await touchServices(ctx, program, [host])) > 0) return
  await transaction(ctx, 'services: announce', async (tx) => insertService(ctx, tx, program, host))
}
