import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { chargeQuota } from '../quotas/charge.ts'
import { setGateway, type GatewayWish } from './gateway.ts'
import { insertRouter, type NewRouter } from './store.ts'

/** Makes a router, with a gateway if one is wished. Returns its id. Charges the quota; refuses as `setGateway` does. */
export async function createRouter(ctx: Context, tx: Tx, router: NewRouter & { gateway?: GatewayWish }): Promise<string> {
  await chargeQuota(ctx, tx, { projectId: router.projectId, resource: 'router' })
  const id = await insertRouter(ctx, tx, router)
  if (router.gateway) await setGateway(ctx, tx, id, router.gateway)
  return id
}
