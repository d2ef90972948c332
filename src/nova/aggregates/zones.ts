import { conflict } from '../../kernel/errors.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { listAggregates, type Aggregate } from './store.ts'
import { aggregatesOf, leaveZone, putIntoZone, zoneOf } from './zones-store.ts'

/** Puts hosts into the zone of an aggregate that they have joined. Throws `conflict` for one that is in another zone. */
export async function joinZone(ctx: Context, tx: Tx, aggregate: Aggregate, zone: string | null, hosts: readonly string[]): Promise<void> {
  if (zone === null) return
  for (const host of hosts) {
    if (await putIntoZone(ctx, tx, host, zone)) continue
    const other = await zoneOf(tx, host)
    throw conflict(
      `Cannot add host to aggregate ${aggregate.number}. Reason: One or more hosts already in availability zone(s) ['${other}'].`,
    )
  }
}

/** Takes hosts out of the zone of an aggregate that they have left, unless another aggregate keeps them in it. */
export async function partFromZone(tx: Tx, aggregate: Aggregate, hosts: readonly string[]): Promise<void> {
  if (aggregate.zone === null) return
  const sameZone = new Set(
    (await listAggregates(tx))
      .filter(({ number, zone }) => zone === aggregate.zone && number !== aggregate.number)
      .map(({ number }) => number),
  )
  const kept = new Set(
    (await aggregatesOf(tx, hosts)).filter((member) => sameZone.has(Number(member.aggregate))).map((member) => member.host),
  )
  await leaveZone(
    tx,
    hosts.filter((host) => !kept.has(host)),
  )
}
