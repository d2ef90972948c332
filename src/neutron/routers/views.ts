import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { allocationsOfPorts } from '../ipam/store.ts'
import { tagsOf } from '../tags/store.ts'
import type { RouterRow } from '../routing-tables.ts'
import { gatewaysOf } from './store.ts'
import { routerView } from './view.ts'

/** Routers as clients see them. Three queries for any number. */
export async function routerViews(ctx: CloudContext, db: Db, rows: readonly RouterRow[]): Promise<object[]> {
  const ids = rows.map((row) => row.id)
  const gateways = await gatewaysOf(db, ids)
  const addresses = await allocationsOfPorts(
    db,
    [...gateways.values()].map((gateway) => gateway.portId),
  )
  const tags = await tagsOf(db, ids)
  const forAdmin = ctx.policy.allows(ctx.subject, 'get_router:ha', {})
  return rows.map((row) => {
    const gateway = gateways.get(row.id)
    const held = (gateway && addresses.get(gateway.portId)) ?? []
    const gatewayIps = held.map(({ subnet_id, address: ip_address }) => ({ subnet_id, ip_address }))
    return routerView(row, { gateway, gatewayIps, tags: tags.get(row.id) ?? [], forAdmin })
  })
}
