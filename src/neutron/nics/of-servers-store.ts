import { sql } from 'kysely'
import type { Db } from '../../kernel/sql/tables.ts'
import '../routing-tables.ts'

/**
 * All that servers show of their ports, in one query, since every list of servers asks for it: a row for each port and address, one for
 * each security group of a port, and one for each floating IP. Ports come in the order in which they were made; what a row's
 * fields `one` to `six` hold depends on its kind.
 */
export const rowsOfServers = (db: Db, serverIds: readonly string[]) =>
  db
    .with('p', (q) =>
      q
        .selectFrom('neutron_ports')
        .select(['id', 'device_id', 'network_id', 'mac_address', 'status', 'created_at'])
        .where('device_id', 'in', [...serverIds]),
    )
    .selectFrom('p')
    .innerJoin('neutron_networks as n', 'n.id', 'p.network_id')
    .leftJoin('neutron_ip_allocations as a', 'a.port_id', 'p.id')
    .select(['p.created_at', 'p.id', 'p.device_id', kind('address'), 'p.network_id as one', 'n.name as two'])
    .select(['p.mac_address as three', 'p.status as four', 'a.address as five', 'a.subnet_id as six'])
    .unionAll((q): any =>
      q
        .selectFrom('p')
        .innerJoin('neutron_port_security_groups as b', 'b.port_id', 'p.id')
        .innerJoin('neutron_security_groups as g', 'g.id', 'b.security_group_id')
        .select(['p.created_at', 'p.id', 'p.device_id', kind('group'), 'g.id as one', 'g.name as two'])
        .select(empty),
    )
    .unionAll((q): any =>
      q
        .selectFrom('p')
        .innerJoin('neutron_floating_ips as f', 'f.port_id', 'p.id')
        .select(['p.created_at', 'p.id', 'p.device_id', kind('floating'), 'f.floating_ip_address as one', 'f.fixed_ip_address as two'])
        .select(empty),
    )
    .orderBy('created_at')
    .orderBy('id')
    .orderBy('kind')
    .orderBy('one')
    .orderBy('five')
    .execute()

const kind = (name: 'address' | 'group' | 'floating') => sql.lit(name).as('kind')
/** The fields of the first part that the others lack. A null fits any type, which the query builder can't know. */
const empty = (['three', 'four', 'five', 'six'] as const).map((name) => sql<null>`null`.as(name))
