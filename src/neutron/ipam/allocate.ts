import { addressInUse, changedMeanwhile, noMoreAddresses } from '../refusals.ts'
import { allocationAt, insertAllocation, type Holder } from './store.ts'
import { takeFree } from './take-free.ts'
import type { Want } from './plan.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'

/** An address that a port holds. */
export interface FixedIp {
  readonly subnetId: string
  readonly address: string
}

/**
 * Gives a port the addresses of its plan. Refuses with IpAddressAlreadyAllocated or IpAddressGenerationFailure. An
 * address is a key of the allocations, so it is given once however many ask, on any number of instances.
 */
export async function allocateAddresses(
  ctx: Context,
  tx: Tx,
  { holder, wants }: { holder: Holder; wants: readonly Want[] },
): Promise<FixedIp[]> {
  const given: FixedIp[] = []
  for (const want of wants)
    given.push('address' in want ? await takeThis(ctx, tx, holder, want) : await takeAny(ctx, tx, holder, want.anyOf))
  return given
}

async function takeThis(ctx: Context, tx: Tx, holder: Holder, { subnet, address }: Extract<Want, { address: unknown }>): Promise<FixedIp> {
  if (await insertAllocation(ctx, tx, { subnetId: subnet.id, address, holder })) return { subnetId: subnet.id, address: address.text }
  if (await allocationAt(tx, subnet.id, address)) throw addressInUse(address.text, subnet.id)
  throw changedMeanwhile(`address ${address.text}`)
}

async function takeAny(ctx: Context, tx: Tx, holder: Holder, subnets: Extract<Want, { anyOf: unknown }>['anyOf']): Promise<FixedIp> {
  for (const subnet of subnets) {
    const address = await takeFree(ctx, tx, { subnet, holder })
    if (address) return { subnetId: subnet.id, address: address.text }
  }
  throw noMoreAddresses(holder.networkId)
}
