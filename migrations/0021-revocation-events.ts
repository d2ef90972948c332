import { addIndex } from '../src/kernel/sql/ddl.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'

export const revocationEvents: Migration = {
  name: '0021-revocation-events',
  async up(db, t, dialect) {
    // What ended tokens, for those who ask; what holds is in the rows that a token's check reads.
    await db.schema
      .createTable('keystone_revocation_events')
      .ifNotExists()
      .addColumn('id', t.name(64), (c) => c.primaryKey())
      .addColumn('field', t.name(32), (c) => c.notNull())
      .addColumn('value', t.name(64), (c) => c.notNull())
      .addColumn('revoked_at', t.name(32), (c) => c.notNull())
      .execute()
    await addIndex(db, dialect, 'keystone_revocation_events', ['revoked_at', 'id'])
  },
}
