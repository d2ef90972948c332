import { sql } from 'kysely'
import { messageTables } from '../src/kernel/messaging/tables.sql.ts'
import { addIndex } from '../src/kernel/sql/ddl.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'

export const kernel: Migration = {
  name: '0001-kernel',
  async up(db, t, dialect) {
    await db.schema
      .createTable('kernel_idempotency_keys')
      .ifNotExists()
      .addColumn('id', t.name(64), (c) => c.primaryKey())
      .addColumn('fingerprint', t.name(64), (c) => c.notNull())
      .addColumn('answer', t.blob)
      .addColumn('created_at', t.time, (c) => c.notNull())
      .execute()
    await addIndex(db, dialect, 'kernel_idempotency_keys', ['created_at'])

    await db.schema
      .createTable('kernel_sagas')
      .ifNotExists()
      .addColumn('id', t.id, (c) => c.primaryKey())
      .addColumn('kind', t.name(64), (c) => c.notNull())
      .addColumn('subject', t.name(64), (c) => c.notNull())
      .addColumn('active_subject', t.name(64))
      .addColumn('state', t.name(16), (c) => c.notNull())
      .addColumn('step', 'integer', (c) => c.notNull())
      .addColumn('role', t.name(64), (c) => c.notNull())
      .addColumn('input_json', t.json, (c) => c.notNull())
      .addColumn('results_json', t.json, (c) => c.notNull())
      .addColumn('fault_json', t.json)
      .addColumn('unwind_to', 'integer', (c) => c.notNull())
      .addColumn('next_json', t.json)
      .addColumn('revision', 'bigint', (c) => c.notNull())
      .addColumn('fence', 'bigint', (c) => c.notNull())
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('due_at', t.time, (c) => c.notNull())
      .addColumn('deadline_at', t.time, (c) => c.notNull())
      .addColumn('request_id', t.name(64), (c) => c.notNull())
      .addColumn('created_at', t.time, (c) => c.notNull())
      .addColumn('finished_at', t.time)
      .execute()
    await addIndex(db, dialect, 'kernel_sagas', ['active_subject'], { unique: true })
    await addIndex(db, dialect, 'kernel_sagas', ['role', 'due_at'])
    await addIndex(db, dialect, 'kernel_sagas', ['subject', 'revision'])
    await addIndex(db, dialect, 'kernel_sagas', ['finished_at'])

    // With a database of the MySQL family the queue is RabbitMQ, which keeps its own messages.
    if (dialect.family === 'postgres') for (const statement of messageTables) await sql.raw(statement).execute(db)
  },
}
