import { conflict } from '../../kernel/errors.ts'
import { json, type Tx } from '../../kernel/sql/tables.ts'
import { enforceAttributes } from '../attribute-policy.ts'
import { readAddress } from '../ipam/addresses.ts'
import { isRouterOwner } from '../ipam/plan.ts'
import { allocationAt } from '../ipam/store.ts'
import { portById } from '../ports/store.ts'
import { readPrefix } from '../prefixes.ts'
import { assertRevision, settled } from '../revision.ts'
import { flagOf, present } from '../values.ts'
import { assertServable, checkedGateway, checkedNameservers, checkedRoutes } from './checks.ts'
import { assertGatewayOutside, checkedPools } from './pools.ts'
import { changeSubnet } from './store.ts'
import { visibleSubnet } from './visible.ts'
import type { SubnetChange } from './schema.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { SubnetRow } from '../tables.ts'

const rules = { service_types: 'service_types' }

/** Changes a subnet. Addresses that were given out stay where they are, whatever the pools become. */
export async function updateSubnet(ctx: CloudContext, tx: Tx, { id, body }: { id: string; body: SubnetChange }): Promise<void> {
  const subnet = await visibleSubnet(ctx, tx, id)
  enforceAttributes(ctx, { action: 'update_subnet', target: { project_id: subnet.project_id }, given: body, rules })
  assertRevision(ctx, subnet)
  const columns = changedColumns(subnet, body)
  if (columns.gateway_ip !== undefined && columns.gateway_ip !== subnet.gateway_ip) await assertGatewayUnused(tx, subnet)
  await settled(changeSubnet(ctx, tx, subnet, columns), `subnet ${id}`)
}

function changedColumns(subnet: SubnetRow, body: SubnetChange) {
  const prefix = readPrefix(subnet.cidr)!
  const enableDhcp = flagOf(body.enable_dhcp)
  if (enableDhcp && !subnet.enable_dhcp) assertServable(prefix)
  const given = body.gateway_ip === undefined ? subnet.gateway_ip : body.gateway_ip
  const gateway = given === null ? undefined : body.gateway_ip === undefined ? readAddress(given) : checkedGateway(given, prefix)
  const pools = body.allocation_pools && checkedPools(body.allocation_pools, prefix, gateway)
  if (!pools && body.gateway_ip !== undefined) assertGatewayOutside(subnet.allocation_pools_json, gateway, prefix)
  return present({
    name: body.name,
    description: body.description,
    enable_dhcp: enableDhcp,
    gateway_ip: body.gateway_ip === undefined ? undefined : (gateway?.text ?? null),
    allocation_pools_json: pools && json(pools),
    dns_nameservers_json:
      body.dns_nameservers === undefined ? undefined : json(checkedNameservers(body.dns_nameservers ?? [], prefix.version, subnet.id)),
    host_routes_json: body.host_routes === undefined ? undefined : json(checkedRoutes(body.host_routes ?? [], prefix.version, subnet.id)),
    service_types_json: body.service_types && json(body.service_types),
  })
}

async function assertGatewayUnused(tx: Tx, subnet: SubnetRow): Promise<void> {
  const gateway = subnet.gateway_ip === null ? undefined : readAddress(subnet.gateway_ip)
  const allocation = gateway && (await allocationAt(tx, subnet.id, gateway))
  const port = allocation && (await portById(tx, allocation.port_id))
  if (port && isRouterOwner(port.device_owner)) {
    throw conflict(`Current gateway ip ${gateway.text} already in use by port ${port.id}. Unable to update.`, { type: 'GatewayIpInUse' })
  }
}
