import { addIndex } from '../src/kernel/sql/ddl.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'

/** Servers, their consoles, and the record of what was done to them. */
export const novaServers: Migration = {
  name: '0008-nova-servers',
  async up(db, t, dialect) {
    await db.schema
      .createTable('nova_servers')
      .ifNotExists()
      .addColumn('id', t.id, (c) => c.primaryKey())
      .addColumn('project_id', t.name(64), (c) => c.notNull())
      .addColumn('user_id', t.name(64), (c) => c.notNull())
      .addColumn('name', t.name(), (c) => c.notNull())
      .addColumn('hostname', t.name(), (c) => c.notNull())
      .addColumn('description', t.name())
      .addColumn('vm_state', t.name(32), (c) => c.notNull())
      .addColumn('task_state', t.name(32))
      .addColumn('power_state', 'integer', (c) => c.notNull())
      .addColumn('flavor_id', t.name(), (c) => c.notNull())
      .addColumn('flavor_json', t.json, (c) => c.notNull())
      .addColumn('image_id', t.id, (c) => c.notNull())
      .addColumn('key_name', t.name())
      .addColumn('user_data', t.text)
      .addColumn('config_drive', t.flag, (c) => c.notNull())
      .addColumn('disk_config', t.name(16), (c) => c.notNull())
      .addColumn('metadata_json', t.json, (c) => c.notNull())
      .addColumn('tags', t.text, (c) => c.notNull())
      .addColumn('access_ipv4', t.name(64), (c) => c.notNull())
      .addColumn('access_ipv6', t.name(64), (c) => c.notNull())
      .addColumn('locked_by', t.name(16))
      .addColumn('locked_reason', t.name())
      .addColumn('wanted_zone', t.name())
      .addColumn('wanted_host', t.name())
      .addColumn('zone', t.name())
      .addColumn('host', t.name())
      .addColumn('refusals_json', t.json, (c) => c.notNull())
      .addColumn('reservation_id', t.name(32), (c) => c.notNull())
      .addColumn('launch_index', 'integer', (c) => c.notNull())
      .addColumn('fault_json', t.json)
      .addColumn('revision', 'bigint', (c) => c.notNull())
      .addColumn('created_at', t.time, (c) => c.notNull())
      .addColumn('updated_at', t.time)
      .addColumn('launched_at', t.time)
      .addColumn('terminated_at', t.time)
      .addColumn('deleted', t.flag, (c) => c.notNull())
      .execute()
    // The two orders of lists: one project's servers and everybody's, the newest first.
    await addIndex(db, dialect, 'nova_servers', ['project_id', 'deleted', 'created_at', 'id'])
    await addIndex(db, dialect, 'nova_servers', ['deleted', 'created_at', 'id'])
    await addIndex(db, dialect, 'nova_servers', ['host', 'deleted', 'created_at', 'id'])

    await db.schema
      .createTable('nova_server_consoles')
      .ifNotExists()
      .addColumn('server_id', t.id, (c) => c.primaryKey())
      .addColumn('output', t.text, (c) => c.notNull())
      .execute()

    await db.schema
      .createTable('nova_instance_actions')
      .ifNotExists()
      .addColumn('id', t.id, (c) => c.primaryKey())
      .addColumn('server_id', t.id, (c) => c.notNull())
      .addColumn('request_id', t.name(64), (c) => c.notNull())
      .addColumn('action', t.name(64), (c) => c.notNull())
      .addColumn('user_id', t.name(64), (c) => c.notNull())
      .addColumn('project_id', t.name(64), (c) => c.notNull())
      .addColumn('message', t.name())
      .addColumn('events_json', t.json, (c) => c.notNull())
      .addColumn('started_at', t.time, (c) => c.notNull())
      .addColumn('updated_at', t.time)
      .execute()
    await addIndex(db, dialect, 'nova_instance_actions', ['server_id', 'started_at', 'id'])
  },
}
