import { addIndex } from '../src/kernel/sql/ddl.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'

export const keptMessages: Migration = {
  name: '0010-kept-messages',
  async up(db, t, dialect) {
    await db.schema
      .createTable('kernel_kept_messages')
      .ifNotExists()
      .addColumn('mailbox', t.name(200), (c) => c.notNull())
      .addColumn('id', t.name(200), (c) => c.notNull())
      .addColumn('body_json', t.json, (c) => c.notNull())
      .addColumn('created_at', t.time, (c) => c.notNull())
      .addPrimaryKeyConstraint('kernel_kept_messages_key', ['mailbox', 'id'])
      .execute()
    await addIndex(db, dialect, 'kernel_kept_messages', ['created_at'])
  },
}
