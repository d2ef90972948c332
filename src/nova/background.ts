import type { Background } from '../cloud/service.ts'
import type { Context } from '../kernel/context.ts'
import { announceServices } from './hosts/announce.ts'
import { openHostIntake } from './hosts/intake.ts'
import { reconcileGuests } from './servers/reconcile.ts'

/** What nova runs beside its requests: it says that its services are there, and listens to the hosts where there is a conductor. */
export async function openNovaBackground(ctx: Context, roles: ReadonlySet<string>, controller: string): Promise<Background> {
  const running = [
    announceServices(ctx, roles, controller),
    ...(roles.has('nova-conductor') ? [await openHostIntake(ctx, (work, host, guests) => reconcileGuests(work, { host, guests }))] : []),
  ]
  return {
    async stop() {
      await Promise.all(running.map((one) => one.stop()))
    },
  }
}
