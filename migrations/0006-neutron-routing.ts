import type { CreateTableBuilder } from 'kysely'
import { addIndex } from '../src/kernel/sql/ddl.ts'
import type { ColumnTypes } from '../src/kernel/sql/dialect.ts'
import type { Migration } from '../src/kernel/sql/migrate.ts'

// References are real here: they keep what a port, a rule or a floating IP rests on from going at the same moment.
export const neutronRouting: Migration = {
  name: '0006-neutron-routing',
  async up(db, t, dialect) {
    await standard(db.schema.createTable('neutron_security_groups').ifNotExists(), t)
      .addColumn('name', t.name(), (c) => c.notNull())
      .addColumn('stateful', t.flag, (c) => c.notNull())
      .addColumn('default_of', t.name())
      .execute()
    await addIndex(db, dialect, 'neutron_security_groups', ['default_of'], { unique: true })
    await addIndex(db, dialect, 'neutron_security_groups', ['project_id', 'id'])

    await standard(db.schema.createTable('neutron_security_group_rules').ifNotExists(), t)
      .addColumn('security_group_id', t.id, (c) => c.notNull())
      .addColumn('direction', t.name(16), (c) => c.notNull())
      .addColumn('ethertype', t.name(8), (c) => c.notNull())
      .addColumn('protocol', t.name(40))
      .addColumn('port_range_min', 'integer')
      .addColumn('port_range_max', 'integer')
      .addColumn('remote_ip_prefix', t.name(64))
      .addColumn('remote_group_id', t.id)
      .addColumn('meaning', t.name(192), (c) => c.notNull())
      .addForeignKeyConstraint('neutron_rule_group', ['security_group_id'], 'neutron_security_groups', ['id'])
      .addForeignKeyConstraint('neutron_rule_remote_group', ['remote_group_id'], 'neutron_security_groups', ['id'])
      .execute()
    await addIndex(db, dialect, 'neutron_security_group_rules', ['security_group_id', 'meaning'], { unique: true })
    await addIndex(db, dialect, 'neutron_security_group_rules', ['remote_group_id'])
    await addIndex(db, dialect, 'neutron_security_group_rules', ['project_id', 'id'])

    await db.schema
      .createTable('neutron_port_security_groups')
      .ifNotExists()
      .addColumn('port_id', t.id, (c) => c.notNull())
      .addColumn('security_group_id', t.id, (c) => c.notNull())
      .addPrimaryKeyConstraint('neutron_port_security_groups_pk', ['port_id', 'security_group_id'])
      .addForeignKeyConstraint('neutron_binding_port', ['port_id'], 'neutron_ports', ['id'], (c) => c.onDelete('cascade'))
      .addForeignKeyConstraint('neutron_binding_group', ['security_group_id'], 'neutron_security_groups', ['id'])
      .execute()
    await addIndex(db, dialect, 'neutron_port_security_groups', ['security_group_id'])

    await standard(db.schema.createTable('neutron_routers').ifNotExists(), t)
      .addColumn('name', t.name(), (c) => c.notNull())
      .addColumn('admin_state_up', t.flag, (c) => c.notNull())
      .addColumn('availability_zone_hints_json', t.json, (c) => c.notNull())
      .addColumn('routes_json', t.json, (c) => c.notNull())
      .execute()
    await addIndex(db, dialect, 'neutron_routers', ['project_id', 'id'])

    await db.schema
      .createTable('neutron_router_gateways')
      .ifNotExists()
      .addColumn('router_id', t.id, (c) => c.primaryKey())
      .addColumn('network_id', t.id, (c) => c.notNull())
      .addColumn('port_id', t.id, (c) => c.notNull())
      .addColumn('enable_snat', t.flag, (c) => c.notNull())
      .addUniqueConstraint('neutron_router_gateways_network', ['router_id', 'network_id'])
      .addForeignKeyConstraint('neutron_gateway_router', ['router_id'], 'neutron_routers', ['id'])
      .execute()
    await addIndex(db, dialect, 'neutron_router_gateways', ['network_id'])

    await db.schema
      .createTable('neutron_router_interfaces')
      .ifNotExists()
      .addColumn('router_id', t.id, (c) => c.notNull())
      .addColumn('subnet_id', t.id, (c) => c.notNull())
      .addColumn('port_id', t.id, (c) => c.notNull())
      .addPrimaryKeyConstraint('neutron_router_interfaces_pk', ['router_id', 'subnet_id'])
      .addForeignKeyConstraint('neutron_interface_router', ['router_id'], 'neutron_routers', ['id'])
      .execute()
    await addIndex(db, dialect, 'neutron_router_interfaces', ['subnet_id'])
    await addIndex(db, dialect, 'neutron_router_interfaces', ['port_id'])

    await standard(db.schema.createTable('neutron_floating_ips').ifNotExists(), t)
      .addColumn('floating_network_id', t.id, (c) => c.notNull())
      .addColumn('floating_ip_address', t.name(64), (c) => c.notNull())
      .addColumn('floating_port_id', t.id, (c) => c.notNull())
      .addColumn('port_id', t.id)
      .addColumn('fixed_ip_address', t.name(64))
      .addColumn('router_id', t.id)
      .addColumn('subnet_id', t.id)
      .addColumn('status', t.name(16), (c) => c.notNull())
      .addForeignKeyConstraint('neutron_floating_ip_address', ['port_id', 'subnet_id', 'fixed_ip_address'], 'neutron_ip_allocations', [
        'port_id',
        'subnet_id',
        'address',
      ])
      .addForeignKeyConstraint('neutron_floating_ip_interface', ['router_id', 'subnet_id'], 'neutron_router_interfaces', [
        'router_id',
        'subnet_id',
      ])
      .addForeignKeyConstraint('neutron_floating_ip_gateway', ['router_id', 'floating_network_id'], 'neutron_router_gateways', [
        'router_id',
        'network_id',
      ])
      .execute()
    await addIndex(db, dialect, 'neutron_floating_ips', ['floating_network_id', 'floating_ip_address'], { unique: true })
    await addIndex(db, dialect, 'neutron_floating_ips', ['port_id', 'fixed_ip_address', 'floating_network_id'], { unique: true })
    await addIndex(db, dialect, 'neutron_floating_ips', ['port_id', 'subnet_id', 'fixed_ip_address'])
    await addIndex(db, dialect, 'neutron_floating_ips', ['router_id', 'subnet_id'])
    await addIndex(db, dialect, 'neutron_floating_ips', ['router_id', 'floating_network_id'])
    await addIndex(db, dialect, 'neutron_floating_ips', ['project_id', 'id'])
  },
}

const standard = (table: CreateTableBuilder<any, never>, t: ColumnTypes): CreateTableBuilder<any, string> =>
  table
    .addColumn('id', t.id, (c) => c.primaryKey())
    .addColumn('project_id', t.name(), (c) => c.notNull())
    .addColumn('description', t.name())
    .addColumn('revision_number', 'bigint', (c) => c.notNull())
    .addColumn('created_at', t.time, (c) => c.notNull())
    .addColumn('updated_at', t.time, (c) => c.notNull())
