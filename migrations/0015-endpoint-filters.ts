import { addIndex } from '../src/kernel/sql/ddl.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'

export const endpointFilters: Migration = {
  name: '0015-endpoint-filters',
  async up(db, t, dialect) {
    const id = t.name(64)
    const table = (name: string) => db.schema.createTable(name).ifNotExists()

    await table('keystone_endpoint_groups')
      .addColumn('id', id, (c) => c.primaryKey())
      .addColumn('name', t.name(255), (c) => c.notNull())
      .addColumn('description', t.text)
      .addColumn('filters_json', t.json, (c) => c.notNull())
      .execute()
    await addIndex(db, dialect, 'keystone_endpoint_groups', ['name', 'id'])

    await table('keystone_project_endpoints')
      .addColumn('project_id', id, (c) => c.notNull())
      .addColumn('endpoint_id', id, (c) => c.notNull())
      .addPrimaryKeyConstraint('keystone_project_endpoints_pk', ['project_id', 'endpoint_id'])
      .execute()
    await addIndex(db, dialect, 'keystone_project_endpoints', ['endpoint_id', 'project_id'])

    await table('keystone_project_endpoint_groups')
      .addColumn('project_id', id, (c) => c.notNull())
      .addColumn('group_id', id, (c) => c.notNull())
      .addPrimaryKeyConstraint('keystone_project_endpoint_groups_pk', ['project_id', 'group_id'])
      .execute()
    await addIndex(db, dialect, 'keystone_project_endpoint_groups', ['group_id', 'project_id'])
  },
}
