import type { Migration } from '../src/kernel/sql/migrate.ts'

export const domainConfig: Migration = {
  name: '0016-domain-config',
  async up(db, t) {
    // Values may be passwords: all are sealed.
    await db.schema
      .createTable('keystone_domain_options')
      .ifNotExists()
      .addColumn('domain_id', t.name(64), (c) => c.notNull())
      .addColumn('group_name', t.name(64), (c) => c.notNull())
      .addColumn('option_name', t.name(128), (c) => c.notNull())
      .addColumn('sealed_value', t.blob, (c) => c.notNull())
      .addPrimaryKeyConstraint('keystone_domain_options_pk', ['domain_id', 'group_name', 'option_name'])
      .execute()
  },
}
