import { plugNics, unplugNics } from '../../../neutron/contract.ts'
import { changeServer } from '../store.ts'
import type { SqlStep } from '../../../kernel/sagas/saga.ts'
import type { BuildServer } from '../build.saga.ts'
import { serverAtWork } from './server-at-work.ts'

/** Gives the server its ports on the chosen host. */
export const plugNicsOfServer: SqlStep<BuildServer> = {
  name: 'plug nics',
  role: 'nova-conductor',
  async run(ctx, tx, { subject, input }) {
    const { project_id: projectId, host, zone } = await serverAtWork(tx, subject)
    await plugNics(ctx, tx, { serverId: subject, projectId, host: host!, availabilityZone: zone!, nics: [...input.nics] })
    await changeServer(ctx, tx, subject, { task_state: 'spawning' })
  },
  async undo(ctx, tx, { subject }) {
    await unplugNics(ctx, tx, { serverId: subject })
  },
}
