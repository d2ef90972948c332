import { againAndAgain, type Background } from '../kernel/again-and-again.ts'
import { forWork, type Context } from '../kernel/context.ts'
import { forgetOldKeys } from '../kernel/idempotency/keys.ts'
import { forgetOldKept } from '../kernel/messaging/kept-messages.ts'
import { forgetOldSagas } from '../kernel/sagas/store.ts'
import type { Upkeep } from '../cloud/service.ts'

/** How long a finished saga stays readable, in days. */
const sagaDays = 30

const kernelUpkeep: readonly Upkeep[] = [
  { name: 'forget old idempotency keys', everySeconds: 60, run: (ctx) => forgetOldKeys(ctx) },
  { name: 'forget old sagas', everySeconds: 60, run: (ctx) => forgetOldSagas(ctx, sagaDays) },
  { name: 'forget old kept messages', everySeconds: 60, run: (ctx) => forgetOldKept(ctx) },
]

/** Does each chore again and again, at its own pace, until stopped. A chore that fails is logged and comes round again. */
export function openUpkeep(base: Context, controller: string, chores: readonly Upkeep[]): Background {
  const loops = [...kernelUpkeep, ...chores].map((chore) => {
    // Instances keep out of step, so that they seldom do the same chore at the same moment.
    const pauseMs = () => chore.everySeconds * 1000 * (0.75 + base.ids.chance() / 2)
    return againAndAgain(base, pauseMs, async () => {
      const ctx = forWork(base, `req-${base.ids.uuid()}`)
      await chore.run(ctx, controller).catch((error: unknown) => {
        ctx.log.warn({ chore: chore.name, reason: error instanceof Error ? error.message : String(error) }, 'a chore fails')
      })
    })
  })
  return { stop: async () => void (await Promise.all(loops.map((loop) => loop.stop()))) }
}
