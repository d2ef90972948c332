import type { Migration } from '../src/kernel/sql/migrate.ts'

export const glanceQuotas: Migration = {
  name: '0023-glance-quotas',
  async up(db, t) {
    await db.schema
      .createTable('glance_quota_turns')
      .ifNotExists()
      .addColumn('owner', t.name(), (c) => c.primaryKey())
      .addColumn('turn', 'bigint', (c) => c.notNull())
      .execute()
  },
}
