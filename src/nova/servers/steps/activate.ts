import { markNicsActive } from '../../../neutron/contract.ts'
import { finishAction } from '../../instance-actions/store.ts'
import { powerStates } from '../states.ts'
import { changeServer } from '../store.ts'
import { serverAtWork } from './server-at-work.ts'
import type { SqlStep } from '../../../kernel/sagas/saga.ts'
import type { BuildServer } from '../build.saga.ts'

/** Tells the world that the server runs. */
export const activate: SqlStep<BuildServer> = {
  name: 'activate',
  role: 'nova-conductor',
  async run(ctx, tx, { subject, input }) {
    const { host } = await serverAtWork(tx, subject)
    await markNicsActive(ctx, tx, { serverId: subject })
    await changeServer(ctx, tx, subject, {
      vm_state: 'active',
      task_state: null,
      power_state: powerStates.running,
      launched_at: ctx.dialect.now(),
    })
    await finishAction(ctx, tx, input.actionId, { event: 'compute__do_build_and_run_instance', host, result: 'Success', details: null })
  },
}
