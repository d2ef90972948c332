import type { Migration } from '../src/kernel/sql/migrate.ts'

export const addressHolders: Migration = {
  name: '0009-address-holders',
  async up(db, t) {
    await db.schema
      .createTable('kernel_address_holders')
      .ifNotExists()
      .addColumn('controller', t.name(255), (c) => c.primaryKey())
      .addColumn('seen_at', t.time, (c) => c.notNull())
      .execute()
  },
}
