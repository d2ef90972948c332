import { hostIsUp } from '../../hosts/store.ts'
import { serverById } from '../store.ts'
import { ordersMailbox } from '../../../topology/mailboxes.ts'
import type { HostOrder, OrderStep } from '../../../kernel/sagas/saga.ts'

/**
 * Has the host remove the guest; asked anew whenever an answer is overdue. There is nothing to order of a host that is dead: what it
 * still holds when it returns is found and removed then (see reconcile.ts).
 */
export const destroyOrder: HostOrder<any> = {
  async prepare(_ctx, tx, { subject }) {
    const host = (await serverById(tx, subject))?.host
    if (!host || !(await hostIsUp(tx, host))) return undefined
    return { mailbox: ordersMailbox(host), name: 'destroy', body: {} }
  },
}

export const destroyGuest: OrderStep<unknown> = { name: 'destroy guest', role: 'nova-conductor', order: destroyOrder }
