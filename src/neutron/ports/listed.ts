import { invalidInput, portNotFound } from '../refusals.ts'
import { readAddress } from '../ipam/addresses.ts'
import { flag, standardColumns, text, type ListedResource } from '../listing.ts'
import type { FilterQuery } from '../filters.ts'

/** What lists of ports can be filtered and sorted by. */
export const listedPorts: ListedResource = {
  table: 'neutron_ports',
  collection: 'ports',
  notFound: portNotFound,
  columns: {
    ...standardColumns,
    network_id: text('network_id'),
    mac_address: text('mac_address'),
    admin_state_up: flag('admin_state_up'),
    status: text('status'),
    device_id: text('device_id'),
    device_owner: text('device_owner'),
    port_security_enabled: flag('port_security_enabled'),
    dns_name: text('dns_name'),
    'binding:host_id': text('host_id'),
    'binding:vnic_type': text('vnic_type'),
  },
  filters: {
    mac_address: (query, values) =>
      query.where(
        'neutron_ports.mac_address',
        'in',
        values.map((value) => value.toLowerCase()),
      ),
    fixed_ips: byAddress,
    security_groups: (query, values) =>
      query.where((eb: any) =>
        eb.exists(
          eb
            .selectFrom('neutron_port_security_groups as guard')
            .select('guard.port_id')
            .whereRef('guard.port_id', '=', 'neutron_ports.id')
            .where('guard.security_group_id', 'in', [...values]),
        ),
      ),
  },
}

/** `fixed_ips=ip_address=10.0.0.5`, `subnet_id=…`, `ip_address_substr=…`: any of the values of a kind, every kind. */
function byAddress(query: FilterQuery, values: readonly string[]): FilterQuery {
  const wanted: Record<string, string[]> = {}
  for (const value of values) {
    const [kind = '', ...rest] = value.split('=')
    if (!['ip_address', 'ip_address_substr', 'subnet_id'].includes(kind))
      throw invalidInput(`'${value.slice(0, 64)}' is not a filter of fixed_ips`)
    ;(wanted[kind] ??= []).push(rest.join('='))
  }
  const held = (eb: any) =>
    eb.selectFrom('neutron_ip_allocations as held').select('held.port_id').whereRef('held.port_id', '=', 'neutron_ports.id')
  return query.where((eb: any) => {
    let rows = held(eb)
    if (wanted.ip_address)
      rows = rows.where(
        'held.address',
        'in',
        wanted.ip_address.map((address) => readAddress(address)?.text ?? address),
      )
    if (wanted.subnet_id) rows = rows.where('held.subnet_id', 'in', wanted.subnet_id)
    if (wanted.ip_address_substr)
      rows = rows.where((or: any) => or.or(wanted.ip_address_substr!.map((part) => or('held.address', 'like', `%${escaped(part)}%`))))
    return eb.exists(rows)
  })
}

const escaped = (part: string): string => part.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)
