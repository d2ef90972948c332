import { json, type Db, type Tx } from '../../kernel/sql/tables.ts'
import { isDuplicate } from '../../kernel/sql/failures.ts'
import type { Context } from '../../kernel/context.ts'
import type { AggregateRow } from '../tables.ts'

/** A group of hosts. `zone`, where it has one, is the availability zone of all its hosts. */
export interface Aggregate {
  readonly number: number
  readonly id: string
  readonly name: string
  readonly zone: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly hosts: readonly string[]
  readonly revision: number
  readonly createdAt: Date
  readonly updatedAt: Date | null
}

const aggregateOf = (row: AggregateRow, hosts: readonly string[]): Aggregate => ({
  number: Number(row.number),
  id: row.id,
  name: row.name,
  zone: row.metadata_json['availability_zone'] ?? null,
  metadata: row.metadata_json,
  hosts,
  revision: Number(row.revision),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

async function withHosts(db: Db, rows: readonly AggregateRow[]): Promise<Aggregate[]> {
  if (rows.length === 0) return []
  const members = await db
    .selectFrom('nova_aggregate_hosts')
    .selectAll()
    .where(
      'aggregate',
      'in',
      rows.map((row) => row.number),
    )
    .orderBy('host')
    .execute()
  const hosts = Map.groupBy(members, (member) => Number(member.aggregate))
  return rows.map((row) =>
    aggregateOf(
      row,
      (hosts.get(Number(row.number)) ?? []).map((member) => member.host),
    ),
  )
}

/** All aggregates, in the order in which they came. */
export const listAggregates = async (db: Db): Promise<Aggregate[]> =>
  withHosts(db, await db.selectFrom('nova_aggregates').selectAll().orderBy('number').execute())

export async function aggregateByNumber(db: Db, number: number): Promise<Aggregate | undefined> {
  return (await withHosts(db, await db.selectFrom('nova_aggregates').selectAll().where('number', '=', number).execute()))[0]
}

export async function aggregateByName(db: Db, name: string): Promise<Aggregate | undefined> {
  return (await withHosts(db, await db.selectFrom('nova_aggregates').selectAll().where('name', '=', name).execute()))[0]
}

/** False: the name is taken. */
export const insertAggregate = (ctx: Context, tx: Tx, { name, metadata }: Pick<Aggregate, 'name' | 'metadata'>): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'nova_aggregates', {
    id: ctx.ids.uuid(),
    name,
    metadata_json: json(metadata),
    revision: 1,
    created_at: ctx.dialect.now(),
    updated_at: null,
  })

/** Changes an aggregate that is still as it was seen; begins the transaction again when it is not. */
export async function changeAggregate(
  ctx: Context,
  tx: Tx,
  seen: Aggregate,
  change: { name?: string; metadata?: Aggregate['metadata'] },
): Promise<void> {
  const meanwhile = () => Object.assign(new Error('the aggregate changed meanwhile'), { code: '40001' })
  const { numUpdatedRows } = await tx
    .updateTable('nova_aggregates')
    .set({
      revision: seen.revision + 1,
      updated_at: ctx.dialect.now(),
      ...(change.name !== undefined && { name: change.name }),
      ...(change.metadata && { metadata_json: json(change.metadata) }),
    })
    .where('number', '=', seen.number)
    .where('revision', '=', seen.revision)
    .executeTakeFirst()
    .catch((error: unknown) => {
      throw isDuplicate(error) ? meanwhile() : error
    })
  if (Number(numUpdatedRows) === 0) throw meanwhile()
}

export async function deleteAggregateRow(tx: Tx, { number }: Aggregate): Promise<void> {
  await tx.deleteFrom('nova_aggregates').where('number', '=', number).execute()
}

/** False: the host is in it already. */
export const addMember = (ctx: Context, tx: Tx, { number }: Aggregate, host: string): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'nova_aggregate_hosts', { aggregate: number, host })

/** False: the host was not in it. */
export async function removeMember(tx: Tx, { number }: Aggregate, host: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('nova_aggregate_hosts')
    .where('aggregate', '=', number)
    .where('host', '=', host)
    .executeTakeFirst()
  return Number(numDeletedRows) === 1
}
