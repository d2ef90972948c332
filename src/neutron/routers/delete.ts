import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { releaseQuota } from '../quotas/charge.ts'
import { deleteTagsOf } from '../tags/store.ts'
import type { RouterRow } from '../routing-tables.ts'
import { removeGateway } from './gateway.ts'
import { routerInUse } from './refusals.ts'
import { deleteRouterRow, gatewaysOf, interfacesOf } from './store.ts'

/** Deletes a router that joins no subnet any more, with its gateway. The caller has called `changeRouter`. */
export async function deleteRouter(ctx: Context, tx: Tx, router: RouterRow): Promise<void> {
  if ((await interfacesOf(tx, router.id)).length > 0) throw routerInUse(router.id)
  const gateway = (await gatewaysOf(tx, [router.id])).get(router.id)
  if (gateway) await removeGateway(ctx, tx, gateway)
  await deleteTagsOf(tx, [router.id])
  await deleteRouterRow(tx, router.id)
  await releaseQuota(ctx, tx, { projectId: router.project_id, resource: 'router' })
}
