import { addIndex } from '../src/kernel/sql/ddl.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'

export const policyDocuments: Migration = {
  name: '0014-policy-documents',
  async up(db, t, dialect) {
    const id = t.name(64)
    const table = (name: string) => db.schema.createTable(name).ifNotExists()

    await table('keystone_policies')
      .addColumn('id', id, (c) => c.primaryKey())
      .addColumn('type', t.name(255), (c) => c.notNull())
      .addColumn('blob_json', t.json, (c) => c.notNull())
      .addColumn('extra_json', t.json, (c) => c.notNull())
      .execute()

    // What a policy is for: an endpoint, a service, or a service in a region. The others are '', and each has one policy.
    await table('keystone_policy_associations')
      .addColumn('endpoint_id', id, (c) => c.notNull())
      .addColumn('service_id', id, (c) => c.notNull())
      .addColumn('region_id', t.name(255), (c) => c.notNull())
      .addColumn('policy_id', id, (c) => c.notNull())
      .addPrimaryKeyConstraint('keystone_policy_associations_pk', ['endpoint_id', 'service_id', 'region_id'])
      .execute()
    await addIndex(db, dialect, 'keystone_policy_associations', ['policy_id', 'endpoint_id'])
  },
}
