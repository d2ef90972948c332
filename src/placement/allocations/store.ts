import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { Resources } from '../resources.ts'
import type { ConsumerRow } from '../tables.ts'

/** What one consumer holds of one provider. */
export interface Allocation {
  readonly providerId: string
  readonly resources: Resources
}

/** Allocations by consumer; consumers that hold nothing have no entry. */
export async function allocationsOf(db: Db, consumerIds: readonly string[]): Promise<Map<string, Allocation[]>> {
  const byConsumer = new Map<string, Allocation[]>()
  if (consumerIds.length === 0) return byConsumer
  const rows = await db
    .selectFrom('placement_allocations')
    .select(['consumer_id', 'provider_id', 'resource_class', 'used'])
    .where('consumer_id', 'in', consumerIds)
    .orderBy('consumer_id')
    .orderBy('provider_id')
    .orderBy('resource_class')
    .execute()
  for (const [consumerId, own] of Map.groupBy(rows, (row) => row.consumer_id)) {
    const byProvider = Map.groupBy(own, (row) => row.provider_id)
    const held = [...byProvider].map(([providerId, parts]) => ({
      providerId,
      resources: Object.fromEntries(parts.map((part) => [part.resource_class, part.used])),
    }))
    byConsumer.set(consumerId, held)
  }
  return byConsumer
}

/** Writes allocations of a consumer; the inventories' `used` is changed apart, in the same transaction. */
export async function insertAllocations(ctx: Context, tx: Tx, consumerId: string, allocations: readonly Allocation[]): Promise<void> {
  const rows = allocations.flatMap(({ providerId, resources }) =>
    Object.entries(resources).map(([resourceClass, used]) => ({
      consumer_id: consumerId,
      provider_id: providerId,
      resource_class: resourceClass,
      used,
      created_at: ctx.dialect.now(),
    })),
  )
  if (rows.length > 0) await tx.insertInto('placement_allocations').values(rows).execute()
}

export async function deleteAllocations(tx: Tx, consumerId: string): Promise<void> {
  await tx.deleteFrom('placement_allocations').where('consumer_id', '=', consumerId).execute()
}

export interface Consumer {
  readonly id: string
  readonly projectId: string
  readonly userId: string
  /** INSTANCE, MIGRATION, …; null when nobody said. */
  readonly type: string | null
}

export const consumerById = (db: Db, id: string): Promise<ConsumerRow | undefined> =>
  db.selectFrom('placement_consumers').selectAll().where('id', '=', id).executeTakeFirst()

/** Registers a consumer that is about to get its first allocations; false when there is one already. */
export const insertConsumer = (ctx: Context, tx: Tx, { id, projectId, userId, type }: Consumer): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'placement_consumers', {
    id,
    project_id: projectId,
    user_id: userId,
    consumer_type: type,
    generation: 1,
    updated_at: ctx.dialect.now(),
  })

/** Forgets a consumer; false when there was none. Who removes it is the one who may give back what it held. */
export async function deleteConsumer(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('placement_consumers').where('id', '=', id).executeTakeFirst()
  return Number(numDeletedRows) === 1
}

/** Changes a consumer that is still as seen, and counts its generation up; says whether it was. */
export async function swapConsumer(ctx: Context, tx: Tx, seen: ConsumerRow, { projectId, userId, type }: Consumer): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('placement_consumers')
    .set({ project_id: projectId, user_id: userId, consumer_type: type, generation: seen.generation + 1, updated_at: ctx.dialect.now() })
    .where('id', '=', seen.id)
    .where('generation', '=', seen.generation)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

/** Forgets a consumer that is still as seen; says whether it was. */
export async function deleteSeenConsumer(tx: Tx, seen: ConsumerRow): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('placement_consumers')
    .where('id', '=', seen.id)
    .where('generation', '=', seen.generation)
    .executeTakeFirst()
  return Number(numDeletedRows) === 1
}

/** What consumers hold of one provider, and their generations; the time is that of the last allocation. */
export async function heldOf(db: Db, providerId: string) {
  return db
    .selectFrom('placement_allocations as a')
    .innerJoin('placement_consumers as c', 'c.id', 'a.consumer_id')
    .select(['a.consumer_id', 'a.resource_class', 'a.used', 'a.created_at', 'c.generation'])
    .where('a.provider_id', '=', providerId)
    .orderBy('a.consumer_id')
    .orderBy('a.resource_class')
    .execute()
}

/** What one consumer holds, with the generations of the providers. */
export async function heldBy(db: Db, consumerId: string) {
  return db
    .selectFrom('placement_allocations as a')
    .innerJoin('placement_providers as p', 'p.id', 'a.provider_id')
    .select(['a.provider_id', 'a.resource_class', 'a.used', 'a.created_at', 'p.generation'])
    .where('a.consumer_id', '=', consumerId)
    .orderBy('a.provider_id')
    .orderBy('a.resource_class')
    .execute()
}
