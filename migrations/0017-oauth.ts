import { addIndex } from '../src/kernel/sql/ddl.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'

export const oauth: Migration = {
  name: '0017-oauth',
  async up(db, t, dialect) {
    const id = t.name(64)
    const table = (name: string) => db.schema.createTable(name).ifNotExists()

    await table('keystone_oauth_consumers')
      .addColumn('id', id, (c) => c.primaryKey())
      .addColumn('description', t.text)
      .addColumn('sealed_secret', t.blob, (c) => c.notNull())
      .addColumn('extra_json', t.json, (c) => c.notNull())
      .execute()

    // A request of a consumer, until a user has allowed it and the consumer has fetched what came of it.
    await table('keystone_oauth_requests')
      .addColumn('id', id, (c) => c.primaryKey())
      .addColumn('consumer_id', id, (c) => c.notNull())
      .addColumn('project_id', id, (c) => c.notNull())
      .addColumn('sealed_secret', t.blob, (c) => c.notNull())
      .addColumn('user_id', id)
      .addColumn('sealed_verifier', t.blob)
      .addColumn('role_ids_json', t.json, (c) => c.notNull())
      .addColumn('expires_at', t.name(32), (c) => c.notNull())
      .execute()
    await addIndex(db, dialect, 'keystone_oauth_requests', ['consumer_id', 'id'])
    await addIndex(db, dialect, 'keystone_oauth_requests', ['expires_at', 'id'])

    await table('keystone_oauth_access_tokens')
      .addColumn('id', id, (c) => c.primaryKey())
      .addColumn('consumer_id', id, (c) => c.notNull())
      .addColumn('project_id', id, (c) => c.notNull())
      .addColumn('sealed_secret', t.blob, (c) => c.notNull())
      .addColumn('user_id', id, (c) => c.notNull())
      .addColumn('role_ids_json', t.json, (c) => c.notNull())
      .addColumn('expires_at', t.name(32), (c) => c.notNull())
      .execute()
    await addIndex(db, dialect, 'keystone_oauth_access_tokens', ['consumer_id', 'id'])
    await addIndex(db, dialect, 'keystone_oauth_access_tokens', ['user_id', 'id'])
    await addIndex(db, dialect, 'keystone_oauth_access_tokens', ['project_id', 'id'])
    await addIndex(db, dialect, 'keystone_oauth_access_tokens', ['expires_at', 'id'])
  },
}
