import { conflict, invalid, notFound } from '../../kernel/errors.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import { hostByName } from '../hosts/store.ts'
import { serverCounts } from '../servers/on-hosts-store.ts'
import { numberOf } from '../uuid.ts'
import {
  addMember,
  aggregateByName,
  aggregateByNumber,
  changeAggregate,
  deleteAggregateRow,
  insertAggregate,
  removeMember,
  type Aggregate,
} from './store.ts'
import { joinZone, partFromZone } from './zones.ts'

const nameTaken = (name: string) => conflict(`Aggregate ${name} already exists.`)

/** An aggregate by the number in a path. Throws `invalid` for what is no number, `notFound` for what is no aggregate. */
export async function aggregateFor(db: Db, id: string): Promise<Aggregate> {
  const number = numberOf(id)
  if (number === undefined) throw invalid('Invalid input received: id must be an integer')
  const aggregate = await aggregateByNumber(db, number)
  if (!aggregate) throw notFound(`Aggregate ${number} could not be found.`)
  return aggregate
}

/** Makes an aggregate without hosts. Throws `conflict` when the name is taken. */
export async function createAggregate(ctx: Context, tx: Tx, { name, zone }: { name: string; zone: string | null }): Promise<Aggregate> {
  if (!(await insertAggregate(ctx, tx, { name, metadata: zone === null ? {} : { availability_zone: zone } }))) throw nameTaken(name)
  return (await aggregateByName(tx, name))!
}

/** Changes the name or the zone. Throws `conflict` when the name is taken, or a host can't change its zone. */
export async function updateAggregate(
  ctx: Context,
  tx: Tx,
  seen: Aggregate,
  { name, zone }: { name?: string | undefined; zone?: string | null | undefined },
): Promise<void> {
  const other = name === undefined ? undefined : await aggregateByName(tx, name)
  if (other && other.number !== seen.number) throw nameTaken(name!)
  const metadata = zone === undefined ? undefined : changed(seen.metadata, { availability_zone: zone })
  await write(ctx, tx, seen, { ...(name !== undefined && { name }), ...(metadata && { metadata }) })
}

/** Sets some metadata and removes what is null. The key `availability_zone` is the zone. */
export const setMetadata = (ctx: Context, tx: Tx, seen: Aggregate, changes: Readonly<Record<string, string | null>>): Promise<void> =>
  write(ctx, tx, seen, { metadata: changed(seen.metadata, changes) })

function changed(metadata: Aggregate['metadata'], changes: Readonly<Record<string, string | null>>): Record<string, string> {
  const entries = Object.entries({ ...metadata, ...changes }).filter((entry): entry is [string, string] => entry[1] !== null)
  return Object.fromEntries(entries)
}

// The zone changes last: a host with servers stays where its servers were put.
async function write(ctx: Context, tx: Tx, seen: Aggregate, change: { name?: string; metadata?: Record<string, string> }): Promise<void> {
  await changeAggregate(ctx, tx, seen, change)
  const zone = change.metadata ? (change.metadata['availability_zone'] ?? null) : seen.zone
  if (zone === seen.zone) return
  const busy = await serverCounts(tx, seen.hosts)
  if (busy.size > 0) throw conflict(`Cannot update aggregate ${seen.number}. Reason: One or more hosts contain instances in this zone.`)
  await partFromZone(tx, seen, seen.hosts)
  await joinZone(ctx, tx, seen, zone, seen.hosts)
}

/** Removes an aggregate. Throws `invalid` while it has hosts. */
export async function deleteAggregate(ctx: Context, tx: Tx, seen: Aggregate): Promise<void> {
  if (seen.hosts.length > 0) throw invalid(`Cannot remove aggregate ${seen.number}. Reason: Host aggregate is not empty.`)
  await changeAggregate(ctx, tx, seen, {})
  await deleteAggregateRow(tx, seen)
}

/** Adds a host. Throws `notFound` for no host, `conflict` when it is in it already or in another zone. */
export async function addHost(ctx: Context, tx: Tx, seen: Aggregate, host: string): Promise<void> {
  if (!(await hostByName(tx, host))) throw notFound(`Compute host ${host} could not be found.`)
  await changeAggregate(ctx, tx, seen, {})
  if (!(await addMember(ctx, tx, seen, host))) throw conflict(`Aggregate ${seen.number} already has host ${host}.`)
  await joinZone(ctx, tx, seen, seen.zone, [host])
}

/** Removes a host. Throws `notFound` when it is not in it, `conflict` when its servers would change their zone. */
export async function removeHost(ctx: Context, tx: Tx, seen: Aggregate, host: string): Promise<void> {
  await changeAggregate(ctx, tx, seen, {})
  if (!(await removeMember(tx, seen, host))) throw notFound(`Host ${host} not found in aggregate ${seen.number}.`)
  if (seen.zone !== null && (await serverCounts(tx, [host])).size > 0) {
    throw conflict(`Cannot remove host from aggregate ${seen.number}. Reason: One or more hosts contain instances in this zone.`)
  }
  await partFromZone(tx, seen, [host])
}
