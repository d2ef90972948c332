import { addIndex } from '../src/kernel/sql/ddl.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'

export const placement: Migration = {
  name: '0004-placement',
  async up(db, t, dialect) {
    await db.schema
      .createTable('placement_providers')
      .ifNotExists()
      .addColumn('id', t.id, (c) => c.primaryKey())
      .addColumn('name', t.name(200), (c) => c.notNull())
      .addColumn('generation', 'bigint', (c) => c.notNull())
      .addColumn('parent_id', t.id)
      .addColumn('root_id', t.id, (c) => c.notNull())
      .addColumn('shape', 'bigint', (c) => c.notNull())
      .addColumn('place', 'integer', (c) => c.notNull())
      .addColumn('created_at', t.time, (c) => c.notNull())
      .addColumn('updated_at', t.time, (c) => c.notNull())
      .execute()
    await addIndex(db, dialect, 'placement_providers', ['name'], { unique: true })
    await addIndex(db, dialect, 'placement_providers', ['root_id'])
    await addIndex(db, dialect, 'placement_providers', ['parent_id'])
    await addIndex(db, dialect, 'placement_providers', ['place'])

    await db.schema
      .createTable('placement_inventories')
      .ifNotExists()
      .addColumn('provider_id', t.id, (c) => c.notNull())
      .addColumn('resource_class', t.name(255), (c) => c.notNull())
      .addColumn('total', 'bigint', (c) => c.notNull())
      .addColumn('reserved', 'bigint', (c) => c.notNull())
      .addColumn('min_unit', 'bigint', (c) => c.notNull())
      .addColumn('max_unit', 'bigint', (c) => c.notNull())
      .addColumn('step_size', 'bigint', (c) => c.notNull())
      .addColumn('allocation_ratio', 'double precision', (c) => c.notNull())
      .addColumn('capacity', 'bigint', (c) => c.notNull())
      .addColumn('used', 'bigint', (c) => c.notNull())
      .addColumn('updated_at', t.time, (c) => c.notNull())
      .addPrimaryKeyConstraint('placement_inventories_pk', ['provider_id', 'resource_class'])
      .execute()
    await addIndex(db, dialect, 'placement_inventories', ['resource_class'])

    await db.schema
      .createTable('placement_consumers')
      .ifNotExists()
      .addColumn('id', t.id, (c) => c.primaryKey())
      .addColumn('project_id', t.name(255), (c) => c.notNull())
      .addColumn('user_id', t.name(255), (c) => c.notNull())
      .addColumn('consumer_type', t.name(255))
      .addColumn('generation', 'bigint', (c) => c.notNull())
      .addColumn('updated_at', t.time, (c) => c.notNull())
      .execute()
    await addIndex(db, dialect, 'placement_consumers', ['project_id', 'user_id'])

    await db.schema
      .createTable('placement_allocations')
      .ifNotExists()
      .addColumn('consumer_id', t.id, (c) => c.notNull())
      .addColumn('provider_id', t.id, (c) => c.notNull())
      .addColumn('resource_class', t.name(255), (c) => c.notNull())
      .addColumn('used', 'bigint', (c) => c.notNull())
      .addColumn('created_at', t.time, (c) => c.notNull())
      .addPrimaryKeyConstraint('placement_allocations_pk', ['consumer_id', 'provider_id', 'resource_class'])
      .execute()
    await addIndex(db, dialect, 'placement_allocations', ['provider_id', 'consumer_id'])

    for (const table of ['placement_traits', 'placement_resource_classes']) {
      await db.schema
        .createTable(table)
        .ifNotExists()
        .addColumn('name', t.name(255), (c) => c.primaryKey())
        .addColumn('uses', 'bigint', (c) => c.notNull())
        .addColumn('created_at', t.time, (c) => c.notNull())
        .execute()
    }

    await db.schema
      .createTable('placement_provider_traits')
      .ifNotExists()
      .addColumn('provider_id', t.id, (c) => c.notNull())
      .addColumn('trait', t.name(255), (c) => c.notNull())
      .addPrimaryKeyConstraint('placement_provider_traits_pk', ['provider_id', 'trait'])
      .execute()
    await addIndex(db, dialect, 'placement_provider_traits', ['trait', 'provider_id'])

    await db.schema
      .createTable('placement_provider_aggregates')
      .ifNotExists()
      .addColumn('provider_id', t.id, (c) => c.notNull())
      .addColumn('aggregate_id', t.id, (c) => c.notNull())
      .addPrimaryKeyConstraint('placement_provider_aggregates_pk', ['provider_id', 'aggregate_id'])
      .execute()
    await addIndex(db, dialect, 'placement_provider_aggregates', ['aggregate_id'])
  },
}
