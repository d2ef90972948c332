import { Fault } from '../../kernel/errors.ts'
import { startSaga } from '../../kernel/sagas/start.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { recordActions } from '../instance-actions/store.ts'
import { chargeQuota, chargeQuotaAtTheEnd } from '../quotas/charge.ts'
import { joinGroup } from '../server-groups/store.ts'
import { build } from './build.saga.ts'
import { insertServers, type NewServer } from './store.ts'
import { chargeOf } from './steps/resources.ts'
import type { ServerPlan } from './plan.ts'

/** Accepts servers to be built, all or none of them: between `minCount` and `maxCount`, as many as the quota allows. Returns them. */
export async function createServers(ctx: CloudContext, tx: Tx, plan: ServerPlan): Promise<NewServer[]> {
  const count = await chargeForMost(ctx, tx, plan)
  const servers = Array.from({ length: count }, (_, index) => serverOf(ctx, plan, index, count))
  await insertServers(ctx, tx, servers)
  if (plan.groupId !== undefined) for (const { id } of servers) await joinGroup(ctx, tx, plan.groupId, id)
  const actionIds = await recordActions(ctx, tx, {
    serverIds: servers.map((server) => server.id),
    projectId: plan.template.project_id,
    action: 'create',
  })
  for (const { id } of servers)
    await startSaga(ctx, tx, build, { subject: id, input: { actionId: actionIds.get(id)!, nics: plan.nics, hints: plan.hints } })
  return servers
}

async function chargeForMost(ctx: CloudContext, tx: Tx, { template, minCount, maxCount }: ServerPlan): Promise<number> {
  if (minCount === maxCount) {
    await chargeQuotaAtTheEnd(ctx, tx, template.project_id, chargeOf(template.flavor_json, maxCount))
    return maxCount
  }
  for (let count = maxCount; ; count--) {
    try {
      await chargeQuota(ctx, tx, template.project_id, chargeOf(template.flavor_json, count))
      return count
    } catch (error) {
      if (!(error instanceof Fault && error.kind === 'overLimit') || count === minCount) throw error
    }
  }
}

function serverOf(ctx: CloudContext, { template, hostname }: ServerPlan, index: number, count: number): NewServer {
  const id = ctx.ids.uuid()
  const suffix = count > 1 ? `-${index + 1}` : ''
  return {
    ...template,
    id,
    name: template.name + suffix,
    hostname: hostname === '' ? `server-${id}` : hostname + suffix,
    launch_index: index,
  }
}
