import { addIndex } from '../src/kernel/sql/ddl.ts'
import type { ColumnTypes } from '../src/kernel/sql/dialect.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'
import type { CreateTableBuilder } from 'kysely'

export const neutron: Migration = {
  name: '0005-neutron',
  async up(db, t, dialect) {
    await standardTable(db.schema.createTable('neutron_networks').ifNotExists(), t)
      .addColumn('admin_state_up', t.flag, (c) => c.notNull())
      .addColumn('shared', t.flag, (c) => c.notNull())
      .addColumn('external', t.flag, (c) => c.notNull())
      .addColumn('is_default', t.flag, (c) => c.notNull())
      .addColumn('mtu', 'integer', (c) => c.notNull())
      .addColumn('port_security_enabled', t.flag, (c) => c.notNull())
      .addColumn('dns_domain', t.name(255), (c) => c.notNull())
      .addColumn('network_type', t.name(32), (c) => c.notNull())
      .addColumn('physical_network', t.name(64))
      .addColumn('segmentation_id', 'integer')
      .addColumn('segment', t.name(128), (c) => c.notNull())
      .addColumn('availability_zone_hints_json', t.json, (c) => c.notNull())
      .execute()
    await addIndex(db, dialect, 'neutron_networks', ['segment'], { unique: true })
    await addIndex(db, dialect, 'neutron_networks', ['project_id', 'id'])
    await addIndex(db, dialect, 'neutron_networks', ['name'])
    await addIndex(db, dialect, 'neutron_networks', ['shared'])
    await addIndex(db, dialect, 'neutron_networks', ['external'])

    // The foreign keys are what keeps a port or an address from outliving its network or subnet, whoever is quicker.
    await standardTable(db.schema.createTable('neutron_subnets').ifNotExists(), t)
      .addColumn('network_id', t.id, (c) => c.notNull())
      .addColumn('ip_version', 'integer', (c) => c.notNull())
      .addColumn('cidr', t.name(64), (c) => c.notNull())
      .addColumn('gateway_ip', t.name(64))
      .addColumn('enable_dhcp', t.flag, (c) => c.notNull())
      .addColumn('ipv6_ra_mode', t.name(16))
      .addColumn('ipv6_address_mode', t.name(16))
      .addColumn('subnetpool_id', t.id)
      .addColumn('allocation_pools_json', t.json, (c) => c.notNull())
      .addColumn('dns_nameservers_json', t.json, (c) => c.notNull())
      .addColumn('host_routes_json', t.json, (c) => c.notNull())
      .addColumn('service_types_json', t.json, (c) => c.notNull())
      .addForeignKeyConstraint('neutron_subnets_network', ['network_id'], 'neutron_networks', ['id'])
      .execute()
    await addIndex(db, dialect, 'neutron_subnets', ['network_id'])
    await addIndex(db, dialect, 'neutron_subnets', ['project_id', 'id'])
    await addIndex(db, dialect, 'neutron_subnets', ['name'])

    await standardTable(db.schema.createTable('neutron_ports').ifNotExists(), t)
      .addColumn('network_id', t.id, (c) => c.notNull())
      .addColumn('mac_address', t.name(32), (c) => c.notNull())
      .addColumn('admin_state_up', t.flag, (c) => c.notNull())
      .addColumn('status', t.name(16), (c) => c.notNull())
      .addColumn('device_id', t.name(255), (c) => c.notNull())
      .addColumn('device_owner', t.name(255), (c) => c.notNull())
      .addColumn('port_security_enabled', t.flag, (c) => c.notNull())
      .addColumn('host_id', t.name(255), (c) => c.notNull())
      .addColumn('vnic_type', t.name(64), (c) => c.notNull())
      .addColumn('profile_json', t.json, (c) => c.notNull())
      .addColumn('allowed_address_pairs_json', t.json, (c) => c.notNull())
      .addColumn('extra_dhcp_opts_json', t.json, (c) => c.notNull())
      .addColumn('dns_name', t.name(255), (c) => c.notNull())
      .addColumn('made_for_server', t.flag, (c) => c.notNull())
      .addForeignKeyConstraint('neutron_ports_network', ['network_id'], 'neutron_networks', ['id'])
      .execute()
    await addIndex(db, dialect, 'neutron_ports', ['network_id', 'mac_address'], { unique: true })
    await addIndex(db, dialect, 'neutron_ports', ['project_id', 'id'])
    await addIndex(db, dialect, 'neutron_ports', ['device_id'])
    await addIndex(db, dialect, 'neutron_ports', ['name'])

    await db.schema
      .createTable('neutron_ip_allocations')
      .ifNotExists()
      .addColumn('subnet_id', t.id, (c) => c.notNull())
      .addColumn('address_key', t.name(32), (c) => c.notNull())
      .addColumn('address', t.name(64), (c) => c.notNull())
      .addColumn('port_id', t.id, (c) => c.notNull())
      .addColumn('network_id', t.id, (c) => c.notNull())
      .addPrimaryKeyConstraint('neutron_ip_allocations_key', ['subnet_id', 'address_key'])
      .addForeignKeyConstraint('neutron_ip_allocations_subnet', ['subnet_id'], 'neutron_subnets', ['id'])
      .addForeignKeyConstraint('neutron_ip_allocations_port', ['port_id'], 'neutron_ports', ['id'])
      .execute()
    // Unique so that a floating IP can refer to the address that it leads to.
    await addIndex(db, dialect, 'neutron_ip_allocations', ['port_id', 'subnet_id', 'address'], { unique: true })
    await addIndex(db, dialect, 'neutron_ip_allocations', ['address'])
    await addIndex(db, dialect, 'neutron_ip_allocations', ['network_id'])

    await db.schema
      .createTable('neutron_tags')
      .ifNotExists()
      .addColumn('resource_id', t.id, (c) => c.notNull())
      .addColumn('tag', t.name(255), (c) => c.notNull())
      .addPrimaryKeyConstraint('neutron_tags_key', ['resource_id', 'tag'])
      .execute()
    await addIndex(db, dialect, 'neutron_tags', ['tag'])

    await db.schema
      .createTable('neutron_quotas')
      .ifNotExists()
      .addColumn('project_id', t.name(255), (c) => c.notNull())
      .addColumn('resource', t.name(64), (c) => c.notNull())
      .addColumn('used', 'integer', (c) => c.notNull())
      .addColumn('limit_value', 'integer')
      .addPrimaryKeyConstraint('neutron_quotas_key', ['project_id', 'resource'])
      .execute()
  },
}

function standardTable(table: CreateTableBuilder<string, never>, t: ColumnTypes): CreateTableBuilder<string, any> {
  return table
    .addColumn('id', t.id, (c) => c.primaryKey())
    .addColumn('project_id', t.name(255), (c) => c.notNull())
    .addColumn('name', t.name(255), (c) => c.notNull())
    .addColumn('description', t.name(255))
    .addColumn('revision_number', 'integer', (c) => c.notNull())
    .addColumn('created_at', t.time, (c) => c.notNull())
    .addColumn('updated_at', t.time, (c) => c.notNull())
}
