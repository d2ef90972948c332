import { addColumn, addIndex } from '../src/kernel/sql/ddl.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'

export const securityCompliance: Migration = {
  name: '0020-security-compliance',
  async up(db, t, dialect) {
    const id = t.name(64)
    const table = (name: string) => db.schema.createTable(name).ifNotExists()

    await addColumn(db, dialect, 'keystone_users', 'password_set_at', { type: t.name(32) })
    await addColumn(db, dialect, 'keystone_users', 'password_expires_at', { type: t.name(32) })
    await addColumn(db, dialect, 'keystone_users', 'password_is_own', { type: t.flag, defaultTo: false })
    await addColumn(db, dialect, 'keystone_users', 'last_active_on', { type: t.name(10) })
    await addIndex(db, dialect, 'keystone_users', ['last_active_on', 'id'])

    // The passwords before the one that a user has now, each under the epoch that ended with it.
    await table('keystone_past_passwords')
      .addColumn('user_id', id, (c) => c.notNull())
      .addColumn('token_epoch', 'integer', (c) => c.notNull())
      .addColumn('password_hash', t.name(255), (c) => c.notNull())
      .addPrimaryKeyConstraint('keystone_past_passwords_pk', ['user_id', 'token_epoch'])
      .execute()

    // Wrong passwords since the last right one. Two that come at once can not have one number.
    await table('keystone_failed_logins')
      .addColumn('user_id', id, (c) => c.notNull())
      .addColumn('number', 'integer', (c) => c.notNull())
      .addColumn('attempt', t.name(64), (c) => c.notNull())
      .addColumn('failed_at', t.time, (c) => c.notNull())
      .addPrimaryKeyConstraint('keystone_failed_logins_pk', ['user_id', 'number'])
      .execute()

    // Passcodes that were used, each of which is good once.
    await table('keystone_used_passcodes')
      .addColumn('user_id', id, (c) => c.notNull())
      .addColumn('step', 'integer', (c) => c.notNull())
      .addColumn('passcode', t.name(6), (c) => c.notNull())
      .addColumn('request_key', t.name(64), (c) => c.notNull())
      .addPrimaryKeyConstraint('keystone_used_passcodes_pk', ['user_id', 'step', 'passcode'])
      .execute()
    await addIndex(db, dialect, 'keystone_used_passcodes', ['step', 'user_id'])
  },
}
