import { invalid } from '../../kernel/errors.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { enforceAttributes } from '../attribute-policy.ts'
import { visibleNetwork } from '../networks/visible.ts'
import { flagOf, ownerOf, present } from '../values.ts'
import type { RouterRow } from '../routing-tables.ts'
import type { GatewayWish } from './gateway.ts'
import type { GatewayBody, NewRouterBody, RouterChangeBody } from './schema.ts'
import type { NewRouter } from './store.ts'

const rules = { distributed: 'distributed', ha: 'ha', external_gateway_info: 'external_gateway_info' }
const gatewayRules = { enable_snat: 'external_gateway_info:enable_snat', external_fixed_ips: 'external_gateway_info:external_fixed_ips' }

/** What the asker may have of a new router, or `forbidden`. */
export async function requestedRouter(ctx: CloudContext, db: Db, body: NewRouterBody): Promise<NewRouter & { gateway?: GatewayWish }> {
  const projectId = ownerOf(ctx, body)
  enforce(ctx, 'create_router', projectId, body)
  const gateway = await wishedGateway(ctx, db, body.external_gateway_info)
  return {
    projectId,
    name: body.name ?? '',
    ...present({
      description: body.description,
      adminStateUp: flagOf(body.admin_state_up),
      availabilityZoneHints: body.availability_zone_hints,
      gateway,
    }),
  }
}

/** Refuses a change of the router that the asker may not make. */
export const assertMayChange = (ctx: CloudContext, router: RouterRow, body: RouterChangeBody): void =>
  enforce(ctx, 'update_router', router.project_id, body)

function enforce(ctx: CloudContext, action: string, projectId: string, body: NewRouterBody | RouterChangeBody): void {
  const { distributed, ha, external_gateway_info: info, ...plain } = body
  const given = { ...plain, ...present({ distributed, ha }), ...(info && { external_gateway_info: info, ...info }) }
  enforceAttributes(ctx, { action, target: { project_id: projectId }, given, rules: { ...rules, ...gatewayRules } })
  if (flagOf(distributed) || flagOf(ha)) throw invalid('Routers are neither distributed nor highly available here.', { type: 'BadRequest' })
}

/** The gateway that a body asks for; undefined for none (`null` or `{}`). */
export async function wishedGateway(ctx: CloudContext, db: Db, info: GatewayBody | null | undefined): Promise<GatewayWish | undefined> {
  if (!info || Object.keys(info).length === 0) return undefined
  const { network_id: networkId, external_fixed_ips: fixedIps, enable_snat: snat } = info
  if (networkId === undefined)
    throw invalid("Invalid input for external_gateway_info. Reason: Validation of dictionary's keys failed. Expected keys: {'network_id'}")
  await visibleNetwork(ctx, db, networkId)
  return {
    networkId,
    ...present({
      enableSnat: flagOf(snat),
      fixedIps: fixedIps?.map((fixedIp) => present({ subnetId: fixedIp.subnet_id, ipAddress: fixedIp.ip_address })),
    }),
  }
}
