import { addIndex } from '../src/kernel/sql/ddl.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'

export const federation: Migration = {
  name: '0018-federation',
  async up(db, t, dialect) {
    const id = t.name(64)
    const table = (name: string) => db.schema.createTable(name).ifNotExists()

    // Identity providers, mappings, service providers, and the protocols of identity providers, whose parent_id is theirs.
    await table('keystone_federation_records')
      .addColumn('kind', t.name(32), (c) => c.notNull())
      .addColumn('parent_id', id, (c) => c.notNull())
      .addColumn('id', id, (c) => c.notNull())
      .addColumn('fields_json', t.json, (c) => c.notNull())
      .addPrimaryKeyConstraint('keystone_federation_records_pk', ['kind', 'parent_id', 'id'])
      .execute()

    // What tells which provider an assertion is from: each is of one.
    await table('keystone_federation_remote_ids')
      .addColumn('remote_id', t.name(255), (c) => c.primaryKey())
      .addColumn('provider_id', id, (c) => c.notNull())
      .execute()
    await addIndex(db, dialect, 'keystone_federation_remote_ids', ['provider_id', 'remote_id'])
  },
}
