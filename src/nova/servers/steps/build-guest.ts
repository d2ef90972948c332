import { ordersMailbox } from '../../../topology/mailboxes.ts'
import { nicsOf } from '../../../neutron/contract.ts'
import { changeServer } from '../store.ts'
import { destroyOrder } from './destroy-guest.ts'
import { assertHostIsUp, keepReportedConsole } from './guest-orders.ts'
import { serverAtWork } from './server-at-work.ts'
import type { OrderStep } from '../../../kernel/sagas/saga.ts'
import type { BuildServer } from '../build.saga.ts'

/** Stands among the refusals of a server for a host that said nothing: that counts as a try, and rules no host out. */
const silentHost = ''

/** How often a build is tried. */
export const maxBuildAttempts = 3

/** Has the host make the guest. A host that refuses is passed over for another, and so is one that is silent, until it is heard of again. */
export const buildGuest: OrderStep<BuildServer> = {
  name: 'build guest',
  role: 'nova-conductor',
  order: {
    async prepare(_ctx, tx, { subject }) {
      const server = await serverAtWork(tx, subject)
      const nics = (await nicsOf(tx, [subject])).get(subject) ?? []
      const { vcpus, memoryMb, diskGb } = server.flavor_json
      const guest = { id: subject, name: server.name, vcpus, memoryMb, diskGb, imageId: server.image_id, nics }
      return { mailbox: ordersMailbox(server.host!), name: 'build', body: { server: guest } }
    },
    report: keepReportedConsole,
    async refused(ctx, tx, { subject }, fault) {
      const { host, refusals_json: before } = await serverAtWork(tx, subject)
      const refusals = [...before, fault.kind === 'gone' ? silentHost : host!]
      await changeServer(ctx, tx, subject, { refusals })
      return refusals.length < maxBuildAttempts ? { backTo: 'choose host and claim' } : undefined
    },
    overdue: assertHostIsUp,
  },
  undoOrder: destroyOrder,
}
