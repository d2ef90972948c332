import type { Db } from '../../kernel/sql/tables.ts'
import '../routing-tables.ts'

// Lists of servers are made of these: each reads the columns that servers show and no others, and none waits for another.

/** The ports of these servers, once for each of their addresses, in the order in which they were made. */
export const portRowsOfServers = (db: Db, serverIds: readonly string[]) =>
  db
    .selectFrom('neutron_ports as p')
    .innerJoin('neutron_networks as n', 'n.id', 'p.network_id')
    .leftJoin('neutron_ip_allocations as a', 'a.port_id', 'p.id')
    .select(['p.device_id', 'p.id', 'p.network_id', 'p.mac_address', 'p.status', 'n.name', 'a.address', 'a.subnet_id'])
    .where('p.device_id', 'in', [...serverIds])
    .orderBy('p.created_at')
    .orderBy('p.id')
    .orderBy('a.address_key')
    .execute()

/** The security groups of these servers' ports. */
export const groupRowsOfServers = (db: Db, serverIds: readonly string[]) =>
  db
    .selectFrom('neutron_ports as p')
    .innerJoin('neutron_port_security_groups as b', 'b.port_id', 'p.id')
    .innerJoin('neutron_security_groups as g', 'g.id', 'b.security_group_id')
    .select(['b.port_id', 'g.id', 'g.name'])
    .where('p.device_id', 'in', [...serverIds])
    .orderBy('g.id')
    .execute()

/** The floating IPs that lead to these servers' ports. */
export const floatingIpRowsOfServers = (db: Db, serverIds: readonly string[]) =>
  db
    .selectFrom('neutron_ports as p')
    .innerJoin('neutron_floating_ips as f', 'f.port_id', 'p.id')
    .select(['p.id as port_id', 'f.floating_ip_address', 'f.fixed_ip_address'])
    .where('p.device_id', 'in', [...serverIds])
    .orderBy('f.floating_ip_address')
    .execute()
