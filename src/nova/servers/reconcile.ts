import type { Context } from '../../kernel/context.ts'
import type { Order } from '../../kernel/sagas/orders.ts'
import { ordersMailbox } from '../../topology/mailboxes.ts'
import { hostsOfServers } from './store.ts'

/** A guest as its host reports it: the id of its server, and the highest fence that the host has seen for it. */
export interface ReportedGuest {
  readonly id: string
  readonly fence: number
}

/** How many guests are looked up at once. */
const chunkSize = 500

/**
 * Has a host remove guests that no living server claims: those of servers that were deleted, or built elsewhere, while the host was
 * thought dead. Returns how many. Asked again with every report until they are gone.
 */
export async function reconcileGuests(
  ctx: Context,
  { host, guests }: { readonly host: string; readonly guests: readonly ReportedGuest[] },
): Promise<number> {
  let stray = 0
  for (let at = 0; at < guests.length; at += chunkSize) {
    const chunk = guests.slice(at, at + chunkSize)
    const hosts = await hostsOfServers(
      ctx.db,
      chunk.map((guest) => guest.id),
    )
    for (const guest of chunk.filter(({ id }) => hosts.get(id) !== host)) {
      await ctx.messaging.send(ordersMailbox(host), { id: ctx.ids.uuid(), body: destroyOrder(ctx, guest) })
      stray++
    }
  }
  if (stray > 0) ctx.log.warn({ host, guests: stray }, 'a host has guests that no server claims')
  return stray
}

// Above every order that the host has seen for the guest, and below any that a saga may still send: between two orders of one
// subject, a saga's revision moves by two at least.
const destroyOrder = (ctx: Context, { id, fence }: ReportedGuest): Order => ({
  saga: 'reconcile',
  step: 0,
  fence: fence + 1,
  subject: id,
  undo: false,
  name: 'destroy',
  requestId: ctx.requestId,
  body: {},
})
