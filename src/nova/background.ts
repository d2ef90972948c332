import type { Background } from '../kernel/again-and-again.ts'
import type { Context } from '../kernel/context.ts'
import { announceServices } from './hosts/announce.ts'
import { openHearing } from './hosts/hearing.ts'
import { openHostIntake, type OnGuests } from './hosts/intake.ts'
import { reconcileGuests } from './servers/reconcile.ts'

/** What nova runs beside its requests: it says that its services are there, and listens to the hosts where there is a conductor. */
export async function openNovaBackground(ctx: Context, roles: ReadonlySet<string>, controller: string): Promise<Background> {
  const hearing = openHearing(ctx, controller)
  const onGuests: OnGuests = (work, host, guests) => reconcileGuests(work, { host, guests })
  const running = [
    announceServices(ctx, roles, controller, hearing),
    ...(roles.has('nova-conductor') ? [await openHostIntake(ctx, onGuests, hearing.heard)] : []),
  ]
  return {
    async stop() {
      await Promise.all(running.map((one) => one.stop()))
    },
  }
}
