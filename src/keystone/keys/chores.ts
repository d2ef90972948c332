import { disableInactive } from '../compliance/inactive.ts'
import { changesBell, forget } from '../memory.ts'
import { forgetOauth } from '../oauth/store.ts'
import { forgetPasscodes } from '../passcodes/store.ts'
import { forgetRevocationEvents } from '../revocations/store.ts'
import { forgetRevocations } from '../tokens/store.ts'
import { keepKeys, leaveKeys } from './rotate.ts'
import type { Compliance } from '../compliance/compliance.ts'
import type { Upkeep } from '../../cloud/service.ts'
import type { Background } from '../../kernel/again-and-again.ts'
import type { Context } from '../../kernel/context.ts'

/** What keystone does from time to time on every instance. */
export const keystoneUpkeep = (asked: Compliance): readonly Upkeep[] => [
  { name: 'keep the token keys', everySeconds: 5, run: (ctx, controller) => keepKeys(ctx, controller) },
  { name: 'forget old revocations', everySeconds: 300, run: (ctx) => forgetRevocations(ctx) },
  { name: 'forget old requests of OAuth', everySeconds: 300, run: (ctx) => forgetOauth(ctx) },
  { name: 'forget old events of revocation', everySeconds: 300, run: (ctx) => forgetRevocationEvents(ctx) },
  { name: 'forget old passcodes', everySeconds: 300, run: (ctx) => forgetPasscodes(ctx) },
  { name: 'disable unused accounts', everySeconds: 300, run: (ctx) => disableInactive(ctx, asked) },
]

/** Hears when another instance changes what tokens or the catalog say. */
export async function listenForChanges(ctx: Context, _roles: ReadonlySet<string>, controller: string): Promise<Background> {
  const subscription = await ctx.messaging.listen([changesBell], () => forget(ctx))
  return {
    async stop() {
      await subscription.stop()
      await leaveKeys(ctx, controller).catch(() => {})
    },
  }
}
