import { addIndex } from '../src/kernel/sql/ddl.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'

export const metadefs: Migration = {
  name: '0019-metadefs',
  async up(db, t, dialect) {
    const table = (name: string) => db.schema.createTable(name).ifNotExists()

    await table('glance_metadef_namespaces')
      .addColumn('id', t.id, (c) => c.primaryKey())
      .addColumn('namespace', t.name(80), (c) => c.notNull())
      .addColumn('display_name', t.name(80))
      .addColumn('description', t.text)
      .addColumn('visibility', t.name(16), (c) => c.notNull())
      .addColumn('owner', t.name())
      .addColumn('protected', t.flag, (c) => c.notNull())
      .addColumn('revision', 'bigint', (c) => c.notNull())
      .addColumn('created_at', t.time, (c) => c.notNull())
      .addColumn('updated_at', t.time, (c) => c.notNull())
      .execute()
    await addIndex(db, dialect, 'glance_metadef_namespaces', ['namespace'], { unique: true })
    await addIndex(db, dialect, 'glance_metadef_namespaces', ['created_at', 'id'])
    await addIndex(db, dialect, 'glance_metadef_namespaces', ['owner', 'created_at', 'id'])

    // The objects, properties and tags of a namespace: what each one says is in its JSON.
    await table('glance_metadef_definitions')
      .addColumn('id', t.id, (c) => c.primaryKey())
      .addColumn('namespace_id', t.id, (c) => c.notNull())
      .addColumn('kind', t.name(16), (c) => c.notNull())
      .addColumn('name', t.name(), (c) => c.notNull())
      .addColumn('content_json', t.json, (c) => c.notNull())
      .addColumn('created_at', t.time, (c) => c.notNull())
      .addColumn('updated_at', t.time, (c) => c.notNull())
      .execute()
    await addIndex(db, dialect, 'glance_metadef_definitions', ['namespace_id', 'kind', 'name'], { unique: true })

    await table('glance_metadef_resource_types')
      .addColumn('name', t.name(80), (c) => c.primaryKey())
      .addColumn('created_at', t.time, (c) => c.notNull())
      .addColumn('updated_at', t.time, (c) => c.notNull())
      .execute()

    await table('glance_metadef_associations')
      .addColumn('namespace_id', t.id, (c) => c.notNull())
      .addColumn('resource_type', t.name(80), (c) => c.notNull())
      .addColumn('prefix', t.name(80))
      .addColumn('properties_target', t.name(80))
      .addColumn('created_at', t.time, (c) => c.notNull())
      .addColumn('updated_at', t.time, (c) => c.notNull())
      .addPrimaryKeyConstraint('glance_metadef_associations_pk', ['namespace_id', 'resource_type'])
      .execute()
    await addIndex(db, dialect, 'glance_metadef_associations', ['resource_type', 'namespace_id'])
  },
}
