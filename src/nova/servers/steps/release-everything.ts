import { unplugNics } from '../../../neutron/contract.ts'
import { release } from '../../../placement/contract.ts'
import { finishAction } from '../../instance-actions/store.ts'
import { releaseQuota } from '../../quotas/charge.ts'
import { leaveGroup } from '../../server-groups/store.ts'
import { markDeleted } from '../store.ts'
import { chargeOf } from './resources.ts'
import { serverAtWork } from './server-at-work.ts'
import type { SqlStep } from '../../../kernel/sagas/saga.ts'
import type { DeleteServer } from '../delete.saga.ts'

/** Gives back all that the server held and ends it, in one transaction: nothing is left over, nothing given back twice. */
export const releaseEverything: SqlStep<DeleteServer> = {
  name: 'release everything',
  role: 'nova-conductor',
  async run(ctx, tx, { subject, input }) {
    const server = await serverAtWork(tx, subject)
    await unplugNics(ctx, tx, { serverId: subject })
    await release(ctx, tx, { consumerId: subject })
    await releaseQuota(ctx, tx, server.project_id, chargeOf(server.flavor_json, 1))
    await leaveGroup(tx, subject)
    await markDeleted(ctx, tx, subject)
    await finishAction(ctx, tx, input.actionId, {
      event: 'compute_terminate_instance',
      host: server.host,
      result: 'Success',
      details: null,
    })
  },
}
