import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { FixedIpRequest } from '../ipam/plan.ts'
import { visibleNetwork } from '../networks/visible.ts'
import { createPort, type CreatedPort } from '../ports/create.ts'
import { chargeQuota } from '../quotas/charge.ts'
import { subnetsOfNetwork } from '../subnets/store.ts'
import { associate, type Target } from './associate.ts'
import { badFloatingIp, noIpv4Left } from './refusals.ts'
import { floatingIpById, insertFloatingIp } from './store.ts'

export interface WantedFloatingIp {
  readonly projectId: string
  readonly description: string
  readonly networkId: string
  /** Any address of the network unless one, or a subnet, is named. */
  readonly address?: string
  readonly subnetId?: string
  readonly target?: Target
}

/** Takes an address of an external network for a project, and lets it lead somewhere if that is wanted. Returns the floating IP's id. */
export async function createFloatingIp(ctx: CloudContext, tx: Tx, wanted: WantedFloatingIp): Promise<string> {
  const { projectId, description, networkId, target } = wanted
  await assertExternal(ctx, tx, networkId)
  await chargeQuota(ctx, tx, { projectId, resource: 'floatingip' })
  const id = ctx.ids.uuid()
  const port = await externalPort(ctx, tx, id, wanted)
  const address = port.fixedIps.find((fixedIp) => !fixedIp.address.includes(':'))?.address
  if (address === undefined) throw noIpv4Left(networkId)
  await insertFloatingIp(ctx, tx, { id, projectId, description, networkId, address, externalPortId: port.id })
  if (target) await associate(ctx, tx, (await floatingIpById(tx, id))!, target)
  return id
}

async function assertExternal(ctx: CloudContext, tx: Tx, networkId: string): Promise<void> {
  const network = await visibleNetwork(ctx, tx, networkId)
  if (!network.external) throw badFloatingIp(`Network ${networkId} is not a valid external network`)
  const subnets = await subnetsOfNetwork(tx, networkId)
  if (!subnets.some((subnet) => subnet.ip_version === 4)) throw badFloatingIp(`Network ${networkId} does not contain any IPv4 subnet`)
}

// The port holds the address. It is of no project, and nobody but admins sees it.
function externalPort(ctx: CloudContext, tx: Tx, id: string, { networkId, address, subnetId }: WantedFloatingIp): Promise<CreatedPort> {
  const request: FixedIpRequest = { ...(subnetId !== undefined && { subnetId }), ...(address !== undefined && { ipAddress: address }) }
  const fixedIps = address === undefined && subnetId === undefined ? undefined : [request]
  return createPort(ctx, tx, { projectId: '', networkId, deviceId: id, deviceOwner: 'network:floatingip', ...(fixedIps && { fixedIps }) })
}
