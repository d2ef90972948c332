import { allocateAddresses } from '../ipam/allocate.ts'
import { keyOf } from '../ipam/addresses.ts'
import { planAddresses, type FixedIpRequest, type Want } from '../ipam/plan.ts'
import { allocationsOfPorts, deleteAllocation } from '../ipam/store.ts'
import { assertNoFloatingIp } from '../floating-ips/of-ports.ts'
import { followPort } from '../routers/follow-port.ts'
import { subnetsOfNetwork } from '../subnets/store.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { AllocationRow, PortRow } from '../tables.ts'

/** Gives a port these addresses and no others. It keeps those that fit, also where only their subnet is asked for. */
export async function changeAddresses(
  ctx: Context,
  tx: Tx,
  { port, requested }: { port: PortRow; requested: readonly FixedIpRequest[] },
): Promise<void> {
  const held = (await allocationsOfPorts(tx, [port.id])).get(port.id) ?? []
  const subnets = await subnetsOfNetwork(tx, port.network_id)
  const wants = planAddresses({ macAddress: port.mac_address, deviceOwner: port.device_owner }, subnets, requested)
  const kept = new Set<AllocationRow>()
  const missing = wants.toSorted(exactFirst).filter((want) => {
    const row = held.find((candidate) => !kept.has(candidate) && fits(candidate, want))
    if (row) kept.add(row)
    return !row
  })
  const gone = held.filter((row) => !kept.has(row))
  await assertNoFloatingIp(tx, { portId: port.id, addresses: gone.map((row) => row.address) })
  for (const row of gone) await deleteAllocation(tx, row)
  await allocateAddresses(ctx, tx, { holder: { portId: port.id, networkId: port.network_id }, wants: missing })
  await followPort(ctx, tx, port)
}

const exactFirst = (one: Want, other: Want): number => Number('anyOf' in one) - Number('anyOf' in other)

const fits = (row: AllocationRow, want: Want): boolean =>
  'address' in want
    ? row.subnet_id === want.subnet.id && row.address_key === keyOf(want.address.value)
    : want.anyOf.some((subnet) => subnet.id === row.subnet_id)
