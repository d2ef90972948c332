import { json, type Tx } from '../../kernel/sql/tables.ts'
import { invalid } from '../../kernel/errors.ts'
import { addressAt } from '../ipam/addresses.ts'
import { changeNetwork } from '../networks/store.ts'
import { overlaps, readPrefix, type Prefix } from '../prefixes.ts'
import { chargeQuota } from '../quotas/charge.ts'
import { invalidInput } from '../refusals.ts'
import { settled } from '../revision.ts'
import { flagOf } from '../values.ts'
import { addOwnAddresses } from './own-addresses.ts'
import { assertModes, assertServable, checkedCidr, checkedGateway, checkedNameservers, checkedRoutes } from './checks.ts'
import { checkedPools, defaultPools } from './pools.ts'
import { insertSubnet, subnetById, subnetsOfNetwork, type NewSubnetRow } from './store.ts'
import type { NewSubnet } from './schema.ts'
import type { Context } from '../../kernel/context.ts'
import type { NetworkRow } from '../tables.ts'

/** Makes a subnet on the network, charges the project's quota, and returns its id. Its network must not have an overlapping one. */
export async function createSubnet(
  ctx: Context,
  tx: Tx,
  { network, projectId, body }: { network: NetworkRow; projectId: string; body: NewSubnet },
): Promise<string> {
  const row = plannedSubnet(ctx.ids.uuid(), { network, projectId, body })
  await chargeQuota(ctx, tx, { projectId, resource: 'subnet' })
  // Counting the network's change first puts all who add subnets to it in a row, so that each sees those before it.
  await settled(changeNetwork(ctx, tx, network), `network ${network.id}`)
  assertNoOverlap(readPrefix(row.cidr)!, network.id, await subnetsOfNetwork(tx, network.id))
  await insertSubnet(ctx, tx, row)
  await addOwnAddresses(ctx, tx, (await subnetById(tx, row.id))!)
  return row.id
}

function assertNoOverlap(prefix: Prefix, networkId: string, others: readonly { cidr: string }[]): void {
  if (others.some((other) => overlaps(prefix, readPrefix(other.cidr)!))) {
    throw invalidInput(`Requested subnet with cidr: ${prefix.text} for network: ${networkId} overlaps with another subnet`)
  }
}

/** The row that the body asks for, or a refusal. Pure. */
function plannedSubnet(
  id: string,
  { network, projectId, body }: { network: NetworkRow; projectId: string; body: NewSubnet },
): NewSubnetRow {
  if (body.ip_version === undefined) throw invalidInput('ip_version must be specified in the absence of cidr and subnetpool_id')
  if (body.subnetpool_id || flagOf(body.use_default_subnetpool)) throw invalidInput('Subnets can not be allocated from subnet pools')
  if (!body.cidr) throw invalid('Bad subnets request: a subnetpool must be specified in the absence of a cidr.', { type: 'BadRequest' })
  const prefix = checkedCidr(body.cidr, Number(body.ip_version))
  const enableDhcp = flagOf(body.enable_dhcp) ?? true
  if (enableDhcp) assertServable(prefix)
  const modes = { ra: body.ipv6_ra_mode ?? null, address: body.ipv6_address_mode ?? null }
  assertModes(modes, prefix, enableDhcp)
  const gateway = gatewayOf(body, prefix)
  return {
    id,
    project_id: projectId,
    network_id: network.id,
    name: body.name ?? '',
    description: body.description ?? '',
    revision_number: 0,
    ip_version: prefix.version,
    cidr: prefix.text,
    gateway_ip: gateway?.text ?? null,
    enable_dhcp: enableDhcp,
    ipv6_ra_mode: modes.ra,
    ipv6_address_mode: modes.address,
    subnetpool_id: null,
    allocation_pools_json: json(
      body.allocation_pools ? checkedPools(body.allocation_pools, prefix, gateway) : defaultPools(prefix, gateway),
    ),
    dns_nameservers_json: json(checkedNameservers(body.dns_nameservers ?? [], prefix.version, id)),
    host_routes_json: json(checkedRoutes(body.host_routes ?? [], prefix.version, id)),
    service_types_json: json(body.service_types ?? []),
  }
}

function gatewayOf(body: NewSubnet, prefix: Prefix) {
  if (body.gateway_ip === null) return undefined
  if (body.gateway_ip !== undefined) return checkedGateway(body.gateway_ip, prefix)
  return prefix.last === prefix.first ? undefined : addressAt(prefix.first + 1n, prefix.version)
}
