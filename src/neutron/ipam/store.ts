import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import { keyOf, valueOfKey, type Address } from './addresses.ts'
import type { AllocationRow } from '../tables.ts'

/** A part of a subnet, both ends included. */
export interface Range {
  readonly first: bigint
  readonly last: bigint
}

/** Whose an address becomes. */
export interface Holder {
  readonly portId: string
  readonly networkId: string
}

/** Gives the address to the port; false when it is taken, or its subnet or port is gone. */
export async function insertAllocation(
  ctx: Context,
  tx: Tx,
  { subnetId, address, holder }: { subnetId: string; address: Address; holder: Holder },
): Promise<boolean> {
  return ctx.dialect.insertIfAbsent(tx, 'neutron_ip_allocations', {
    subnet_id: subnetId,
    address_key: keyOf(address.value),
    address: address.text,
    port_id: holder.portId,
    network_id: holder.networkId,
  })
}

const within = (db: Db, subnetId: string, { first, last }: Range) =>
  db
    .selectFrom('neutron_ip_allocations')
    .where('subnet_id', '=', subnetId)
    .where('address_key', '>=', keyOf(first))
    .where('address_key', '<=', keyOf(last))

export async function usedIn(db: Db, subnetId: string, range: Range): Promise<Set<bigint>> {
  const rows = await within(db, subnetId, range).select('address_key').execute()
  return new Set(rows.map((row) => valueOfKey(row.address_key)))
}

export async function countUsedIn(db: Db, subnetId: string, range: Range): Promise<bigint> {
  const row = await within(db, subnetId, range)
    .select((eb) => eb.fn.countAll().as('used'))
    .executeTakeFirstOrThrow()
  return BigInt(row.used)
}

export const allocationAt = (db: Db, subnetId: string, address: Address) =>
  db
    .selectFrom('neutron_ip_allocations')
    .selectAll()
    .where('subnet_id', '=', subnetId)
    .where('address_key', '=', keyOf(address.value))
    .executeTakeFirst()

/** The addresses of these ports, IPv4 first; ports without any are absent. */
export async function allocationsOfPorts(db: Db, portIds: readonly string[]): Promise<Map<string, AllocationRow[]>> {
  const byPort = new Map<string, AllocationRow[]>()
  if (portIds.length === 0) return byPort
  const rows = await db
    .selectFrom('neutron_ip_allocations')
    .selectAll()
    .where('port_id', 'in', [...portIds])
    .orderBy('address_key')
    .execute()
  for (const row of rows) {
    const known = byPort.get(row.port_id)
    if (known) known.push(row)
    else byPort.set(row.port_id, [row])
  }
  return byPort
}

/** The version of an allocation's address, without asking for its subnet. */
export const versionOf = (row: AllocationRow): 4 | 6 => (row.address.includes(':') ? 6 : 4)

export const deleteAllocationsOfPort = (tx: Tx, portId: string) =>
  tx.deleteFrom('neutron_ip_allocations').where('port_id', '=', portId).execute()

export const deleteAllocation = (tx: Tx, row: AllocationRow) =>
  tx.deleteFrom('neutron_ip_allocations').where('subnet_id', '=', row.subnet_id).where('address_key', '=', row.address_key).execute()

/** Whether ports have addresses of the subnet. */
export async function subnetIsUsed(db: Db, subnetId: string): Promise<boolean> {
  return (
    (await db.selectFrom('neutron_ip_allocations').select('port_id').where('subnet_id', '=', subnetId).limit(1).executeTakeFirst()) !==
    undefined
  )
}

/** Takes the subnet's addresses from all ports but those of routers. */
export async function deleteOwnAddresses(tx: Tx, subnetId: string): Promise<void> {
  const routerPorts = tx.selectFrom('neutron_ports').select('id').where('device_owner', 'like', 'network:router%')
  await tx.deleteFrom('neutron_ip_allocations').where('subnet_id', '=', subnetId).where('port_id', 'not in', routerPorts).execute()
}
