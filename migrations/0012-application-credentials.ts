import { addIndex } from '../src/kernel/sql/ddl.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'

export const applicationCredentials: Migration = {
  name: '0012-application-credentials',
  async up(db, t, dialect) {
    const id = t.name(64)
    const table = (name: string) => db.schema.createTable(name).ifNotExists()

    await table('keystone_application_credentials')
      .addColumn('id', id, (c) => c.primaryKey())
      .addColumn('user_id', id, (c) => c.notNull())
      .addColumn('project_id', id, (c) => c.notNull())
      .addColumn('name', t.name(255), (c) => c.notNull())
      .addColumn('secret_hash', t.name(255), (c) => c.notNull())
      .addColumn('description', t.text)
      .addColumn('expires_at', t.name(32))
      .addColumn('unrestricted', t.flag, (c) => c.notNull())
      .execute()
    await addIndex(db, dialect, 'keystone_application_credentials', ['user_id', 'name'], { unique: true })
    await addIndex(db, dialect, 'keystone_application_credentials', ['user_id', 'id'])
    await addIndex(db, dialect, 'keystone_application_credentials', ['project_id', 'id'])

    await table('keystone_application_credential_roles')
      .addColumn('credential_id', id, (c) => c.notNull())
      .addColumn('role_id', id, (c) => c.notNull())
      .addPrimaryKeyConstraint('keystone_application_credential_roles_pk', ['credential_id', 'role_id'])
      .execute()
    await addIndex(db, dialect, 'keystone_application_credential_roles', ['role_id', 'credential_id'])

    // A user has each rule once, however many of his credentials name it.
    await table('keystone_access_rules')
      .addColumn('id', id, (c) => c.primaryKey())
      .addColumn('user_id', id, (c) => c.notNull())
      .addColumn('service', t.name(64), (c) => c.notNull())
      .addColumn('path', t.name(255), (c) => c.notNull())
      .addColumn('method', t.name(16), (c) => c.notNull())
      .execute()
    await addIndex(db, dialect, 'keystone_access_rules', ['user_id', 'service', 'path', 'method'], { unique: true })
    await addIndex(db, dialect, 'keystone_access_rules', ['user_id', 'id'])

    await table('keystone_application_credential_access_rules')
      .addColumn('credential_id', id, (c) => c.notNull())
      .addColumn('access_rule_id', id, (c) => c.notNull())
      .addPrimaryKeyConstraint('keystone_application_credential_access_rules_pk', ['credential_id', 'access_rule_id'])
      .execute()
    await addIndex(db, dialect, 'keystone_application_credential_access_rules', ['access_rule_id', 'credential_id'])
  },
}
