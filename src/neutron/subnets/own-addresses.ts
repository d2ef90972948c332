import { eui64 } from '../ipam/addresses.ts'
import { isAutoAddress, isRouterOwner } from '../ipam/plan.ts'
import { insertAllocation } from '../ipam/store.ts'
import { portsOnNetwork } from '../ports/store.ts'
import { readPrefix } from '../prefixes.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { SubnetRow } from '../tables.ts'

/** Where guests make their own addresses, ports that were there before the subnet get theirs now. */
export async function addOwnAddresses(ctx: Context, tx: Tx, subnet: SubnetRow): Promise<void> {
  if (!isAutoAddress(subnet)) return
  const prefix = readPrefix(subnet.cidr)!
  for (const port of await portsOnNetwork(tx, subnet.network_id)) {
    if (isRouterOwner(port.device_owner)) continue
    const address = eui64(prefix, port.mac_address)
    await insertAllocation(ctx, tx, { subnetId: subnet.id, address, holder: { portId: port.id, networkId: port.network_id } })
  }
}
