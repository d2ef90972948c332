import { addIndex } from '../src/kernel/sql/ddl.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'

export const glanceTasks: Migration = {
  name: '0022-glance-tasks',
  async up(db, t, dialect) {
    await db.schema
      .createTable('glance_tasks')
      .ifNotExists()
      .addColumn('id', t.id, (c) => c.primaryKey())
      .addColumn('type', t.name(32), (c) => c.notNull())
      .addColumn('status', t.name(16), (c) => c.notNull())
      .addColumn('owner', t.name())
      .addColumn('user_id', t.name())
      .addColumn('request_id', t.name(64), (c) => c.notNull())
      .addColumn('image_id', t.id)
      .addColumn('input_json', t.json, (c) => c.notNull())
      .addColumn('result_json', t.json)
      .addColumn('message', t.text, (c) => c.notNull())
      .addColumn('created_at', t.time, (c) => c.notNull())
      .addColumn('updated_at', t.time, (c) => c.notNull())
      .addColumn('expires_at', t.time)
      .execute()
    await addIndex(db, dialect, 'glance_tasks', ['image_id', 'created_at'])
    await addIndex(db, dialect, 'glance_tasks', ['owner', 'created_at', 'id'])
    await addIndex(db, dialect, 'glance_tasks', ['created_at', 'id'])
    await addIndex(db, dialect, 'glance_tasks', ['expires_at'])
  },
}
