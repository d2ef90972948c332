import { addIndex } from '../src/kernel/sql/ddl.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'

/** Everything of nova but the servers themselves. */
export const nova: Migration = {
  name: '0007-nova',
  async up(db, t, dialect) {
    await db.schema
      .createTable('nova_flavors')
      .ifNotExists()
      .addColumn('id', t.name(), (c) => c.primaryKey())
      .addColumn('name', t.name(), (c) => c.notNull())
      .addColumn('description', t.text)
      .addColumn('vcpus', 'integer', (c) => c.notNull())
      .addColumn('memory_mb', 'integer', (c) => c.notNull())
      .addColumn('disk_gb', 'integer', (c) => c.notNull())
      .addColumn('ephemeral_gb', 'integer', (c) => c.notNull())
      .addColumn('swap_mb', 'integer', (c) => c.notNull())
      .addColumn('rxtx_factor', 'double precision', (c) => c.notNull())
      .addColumn('is_public', t.flag, (c) => c.notNull())
      .addColumn('created_at', t.time, (c) => c.notNull())
      .addColumn('updated_at', t.time)
      .execute()
    await addIndex(db, dialect, 'nova_flavors', ['name'], { unique: true })

    await db.schema
      .createTable('nova_flavor_extra_specs')
      .ifNotExists()
      .addColumn('flavor_id', t.name(), (c) => c.notNull())
      .addColumn('name', t.name(), (c) => c.notNull())
      .addColumn('value', t.name(), (c) => c.notNull())
      .addPrimaryKeyConstraint('nova_flavor_extra_specs_key', ['flavor_id', 'name'])
      .execute()

    await db.schema
      .createTable('nova_flavor_access')
      .ifNotExists()
      .addColumn('flavor_id', t.name(), (c) => c.notNull())
      .addColumn('project_id', t.name(64), (c) => c.notNull())
      .addPrimaryKeyConstraint('nova_flavor_access_key', ['flavor_id', 'project_id'])
      .execute()

    await db.schema
      .createTable('nova_keypairs')
      .ifNotExists()
      .addColumn('id', t.serial, (c) => c.primaryKey())
      .addColumn('user_id', t.name(64), (c) => c.notNull())
      .addColumn('name', t.name(), (c) => c.notNull())
      .addColumn('type', t.name(16), (c) => c.notNull())
      .addColumn('fingerprint', t.name(), (c) => c.notNull())
      .addColumn('public_key', t.text, (c) => c.notNull())
      .addColumn('created_at', t.time, (c) => c.notNull())
      .execute()
    await addIndex(db, dialect, 'nova_keypairs', ['user_id', 'name'], { unique: true })

    await db.schema
      .createTable('nova_quota_limits')
      .ifNotExists()
      .addColumn('owner', t.name(64), (c) => c.notNull())
      .addColumn('resource', t.name(64), (c) => c.notNull())
      .addColumn('hard_limit', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('nova_quota_limits_key', ['owner', 'resource'])
      .execute()

    await db.schema
      .createTable('nova_quota_usages')
      .ifNotExists()
      .addColumn('owner', t.name(64), (c) => c.primaryKey())
      .addColumn('instances', 'bigint', (c) => c.notNull())
      .addColumn('cores', 'bigint', (c) => c.notNull())
      .addColumn('ram', 'bigint', (c) => c.notNull())
      .addColumn('key_pairs', 'bigint', (c) => c.notNull())
      .addColumn('server_groups', 'bigint', (c) => c.notNull())
      .execute()

    await db.schema
      .createTable('nova_services')
      .ifNotExists()
      .addColumn('number', t.serial, (c) => c.primaryKey())
      .addColumn('id', t.id, (c) => c.notNull())
      .addColumn('program', t.name(64), (c) => c.notNull())
      .addColumn('host', t.name(), (c) => c.notNull())
      .addColumn('seen_at', t.time, (c) => c.notNull())
      .addColumn('listening_since', t.time)
      .addColumn('disabled', t.flag, (c) => c.notNull())
      .addColumn('disabled_reason', t.name())
      .addColumn('forced_down', t.flag, (c) => c.notNull())
      .addColumn('created_at', t.time, (c) => c.notNull())
      .addColumn('updated_at', t.time)
      .execute()
    await addIndex(db, dialect, 'nova_services', ['id'], { unique: true })
    await addIndex(db, dialect, 'nova_services', ['program', 'host'], { unique: true })

    await db.schema
      .createTable('nova_hosts')
      .ifNotExists()
      .addColumn('number', t.serial, (c) => c.primaryKey())
      .addColumn('id', t.id, (c) => c.notNull())
      .addColumn('service_id', t.id, (c) => c.notNull())
      .addColumn('name', t.name(), (c) => c.notNull())
      .addColumn('agent', t.name(), (c) => c.notNull())
      .addColumn('driver', t.name(64), (c) => c.notNull())
      .addColumn('vcpus', 'integer', (c) => c.notNull())
      .addColumn('memory_mb', 'integer', (c) => c.notNull())
      .addColumn('disk_gb', 'integer', (c) => c.notNull())
      .addColumn('created_at', t.time, (c) => c.notNull())
      .execute()
    await addIndex(db, dialect, 'nova_hosts', ['id'], { unique: true })
    await addIndex(db, dialect, 'nova_hosts', ['service_id'], { unique: true })
    await addIndex(db, dialect, 'nova_hosts', ['name'], { unique: true })

    await db.schema
      .createTable('nova_aggregates')
      .ifNotExists()
      .addColumn('number', t.serial, (c) => c.primaryKey())
      .addColumn('id', t.id, (c) => c.notNull())
      .addColumn('name', t.name(), (c) => c.notNull())
      .addColumn('metadata_json', t.json, (c) => c.notNull())
      .addColumn('revision', 'bigint', (c) => c.notNull())
      .addColumn('created_at', t.time, (c) => c.notNull())
      .addColumn('updated_at', t.time)
      .execute()
    await addIndex(db, dialect, 'nova_aggregates', ['name'], { unique: true })

    // The zone stands beside each host once more, so that a unique key can say that no host is in two zones.
    await db.schema
      .createTable('nova_aggregate_hosts')
      .ifNotExists()
      .addColumn('aggregate', 'bigint', (c) => c.notNull())
      .addColumn('host', t.name(), (c) => c.notNull())
      .addPrimaryKeyConstraint('nova_aggregate_hosts_key', ['aggregate', 'host'])
      .execute()
    await db.schema
      .createTable('nova_zone_hosts')
      .ifNotExists()
      .addColumn('host', t.name(), (c) => c.primaryKey())
      .addColumn('zone', t.name(), (c) => c.notNull())
      .execute()

    await db.schema
      .createTable('nova_server_groups')
      .ifNotExists()
      .addColumn('number', t.serial, (c) => c.primaryKey())
      .addColumn('id', t.id, (c) => c.notNull())
      .addColumn('project_id', t.name(64), (c) => c.notNull())
      .addColumn('user_id', t.name(64), (c) => c.notNull())
      .addColumn('name', t.name(), (c) => c.notNull())
      .addColumn('policy', t.name(64), (c) => c.notNull())
      .addColumn('rules_json', t.json, (c) => c.notNull())
      .addColumn('turn', 'bigint', (c) => c.notNull().defaultTo(0))
      .addColumn('created_at', t.time, (c) => c.notNull())
      .execute()
    await addIndex(db, dialect, 'nova_server_groups', ['id'], { unique: true })
    await addIndex(db, dialect, 'nova_server_groups', ['project_id', 'number'])

    await db.schema
      .createTable('nova_server_group_members')
      .ifNotExists()
      .addColumn('server_id', t.id, (c) => c.primaryKey())
      .addColumn('group_id', t.id, (c) => c.notNull())
      .execute()
    await addIndex(db, dialect, 'nova_server_group_members', ['group_id'])
  },
}
