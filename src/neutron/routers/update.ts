import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { assertRevision } from '../revision.ts'
import { flagOf, present } from '../values.ts'
import type { Route } from '../routing-tables.ts'
import { ownRouter } from './change.ts'
import { setGateway } from './gateway.ts'
import { assertMayChange, wishedGateway } from './request.ts'
import { assertRoutable, readRoutes, withoutRoutes, withRoutes } from './routes.ts'
import { keepRoutes } from './store.ts'
import { visibleRouter } from './visible.ts'
import type { RouterChangeBody } from './schema.ts'

/** Changes a router: its words, its gateway, its routes. */
export async function updateRouter(ctx: CloudContext, tx: Tx, { id, body }: { id: string; body: RouterChangeBody }): Promise<void> {
  const router = await visibleRouter(ctx, tx, id)
  assertMayChange(ctx, router, body)
  assertRevision(ctx, router)
  const { name, description, admin_state_up: up, external_gateway_info: info, routes } = body
  const { routes_json: known } = await ownRouter(ctx, tx, id, present({ name, description, adminStateUp: flagOf(up) }))
  if (info !== undefined) await setGateway(ctx, tx, id, await wishedGateway(ctx, tx, info))
  if (routes !== undefined) await replaceRoutes(tx, id, readRoutes(routes ?? []))
  else if (info !== undefined) await assertRoutable(tx, id, known)
}

/** Adds routes to a router, or takes routes from it; what it has besides stays. */
export async function changeRoutes(
  ctx: CloudContext,
  tx: Tx,
  { id, add = [], remove = [] }: { id: string; add?: readonly Route[]; remove?: readonly Route[] },
): Promise<void> {
  const router = await ownRouter(ctx, tx, id)
  await replaceRoutes(tx, id, withoutRoutes(withRoutes(router.routes_json, readRoutes(add)), readRoutes(remove)))
}

async function replaceRoutes(tx: Tx, id: string, routes: readonly Route[]): Promise<void> {
  await assertRoutable(tx, id, routes)
  await keepRoutes(tx, id, routes)
}
