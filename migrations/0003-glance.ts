import { addIndex } from '../src/kernel/sql/ddl.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'

export const glance: Migration = {
  name: '0003-glance',
  async up(db, t, dialect) {
    await db.schema
      .createTable('glance_images')
      .ifNotExists()
      .addColumn('id', t.id, (c) => c.primaryKey())
      .addColumn('name', t.name())
      .addColumn('owner', t.name())
      .addColumn('status', t.name(16), (c) => c.notNull())
      .addColumn('visibility', t.name(16), (c) => c.notNull())
      .addColumn('disk_format', t.name(16))
      .addColumn('container_format', t.name(16))
      .addColumn('min_disk_gb', 'integer', (c) => c.notNull())
      .addColumn('min_ram_mb', 'integer', (c) => c.notNull())
      .addColumn('protected', t.flag, (c) => c.notNull())
      .addColumn('os_hidden', t.flag, (c) => c.notNull())
      .addColumn('file_name', t.name(64))
      .addColumn('size_bytes', 'bigint')
      .addColumn('virtual_size_bytes', 'bigint')
      .addColumn('checksum', t.name(32))
      .addColumn('hash', t.name(128))
      .addColumn('revision', 'bigint', (c) => c.notNull())
      .addColumn('created_at', t.time, (c) => c.notNull())
      .addColumn('updated_at', t.time, (c) => c.notNull())
      .addColumn('deleted_at', t.time)
      .execute()
    await addIndex(db, dialect, 'glance_images', ['created_at', 'id'])
    await addIndex(db, dialect, 'glance_images', ['owner', 'created_at', 'id'])
    await addIndex(db, dialect, 'glance_images', ['visibility', 'created_at', 'id'])
    await addIndex(db, dialect, 'glance_images', ['name'])
    await addIndex(db, dialect, 'glance_images', ['file_name'], { unique: true })

    await db.schema
      .createTable('glance_properties')
      .ifNotExists()
      .addColumn('image_id', t.id, (c) => c.notNull())
      .addColumn('name', t.name(), (c) => c.notNull())
      .addColumn('value', t.text, (c) => c.notNull())
      .addPrimaryKeyConstraint('glance_properties_pk', ['image_id', 'name'])
      .execute()

    await db.schema
      .createTable('glance_tags')
      .ifNotExists()
      .addColumn('image_id', t.id, (c) => c.notNull())
      .addColumn('tag', t.name(), (c) => c.notNull())
      .addPrimaryKeyConstraint('glance_tags_pk', ['image_id', 'tag'])
      .execute()
    await addIndex(db, dialect, 'glance_tags', ['tag', 'image_id'])

    await db.schema
      .createTable('glance_members')
      .ifNotExists()
      .addColumn('image_id', t.id, (c) => c.notNull())
      .addColumn('member_id', t.name(), (c) => c.notNull())
      .addColumn('status', t.name(16), (c) => c.notNull())
      .addColumn('created_at', t.time, (c) => c.notNull())
      .addColumn('updated_at', t.time, (c) => c.notNull())
      .addPrimaryKeyConstraint('glance_members_pk', ['image_id', 'member_id'])
      .execute()
    await addIndex(db, dialect, 'glance_members', ['member_id', 'image_id'])
  },
}
