import { addIndex } from '../src/kernel/sql/ddl.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'

export const trusts: Migration = {
  name: '0013-trusts',
  async up(db, t, dialect) {
    const id = t.name(64)
    const table = (name: string) => db.schema.createTable(name).ifNotExists()

    await table('keystone_trusts')
      .addColumn('id', id, (c) => c.primaryKey())
      .addColumn('trustor_user_id', id, (c) => c.notNull())
      .addColumn('trustee_user_id', id, (c) => c.notNull())
      .addColumn('project_id', id, (c) => c.notNull())
      .addColumn('impersonation', t.flag, (c) => c.notNull())
      .addColumn('expires_at', t.name(32))
      .addColumn('remaining_uses', 'integer')
      .addColumn('redelegated_trust_id', id)
      .addColumn('redelegation_count', 'integer', (c) => c.notNull())
      .addColumn('extra_json', t.json, (c) => c.notNull())
      .execute()
    await addIndex(db, dialect, 'keystone_trusts', ['trustor_user_id', 'id'])
    await addIndex(db, dialect, 'keystone_trusts', ['trustee_user_id', 'id'])
    await addIndex(db, dialect, 'keystone_trusts', ['project_id', 'id'])
    await addIndex(db, dialect, 'keystone_trusts', ['redelegated_trust_id', 'id'])

    await table('keystone_trust_roles')
      .addColumn('trust_id', id, (c) => c.notNull())
      .addColumn('role_id', id, (c) => c.notNull())
      .addPrimaryKeyConstraint('keystone_trust_roles_pk', ['trust_id', 'role_id'])
      .execute()
    await addIndex(db, dialect, 'keystone_trust_roles', ['role_id', 'trust_id'])

    // Each use of a trust that has only so many: a request that is sent again uses it once.
    await table('keystone_trust_uses')
      .addColumn('trust_id', id, (c) => c.notNull())
      .addColumn('request_key', t.name(255), (c) => c.notNull())
      .addPrimaryKeyConstraint('keystone_trust_uses_pk', ['trust_id', 'request_key'])
      .execute()
  },
}
