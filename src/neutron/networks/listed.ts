import { flag, nullableNumber, nullableText, number, standardColumns, text, type ListedResource } from '../listing.ts'
import { networkNotFound } from '../refusals.ts'

/** What lists of networks can be filtered and sorted by. */
export const listedNetworks: ListedResource = {
  table: 'neutron_networks',
  collection: 'networks',
  notFound: networkNotFound,
  columns: {
    ...standardColumns,
    admin_state_up: flag('admin_state_up'),
    shared: flag('shared'),
    'router:external': flag('external'),
    is_default: flag('is_default'),
    mtu: number('mtu'),
    port_security_enabled: flag('port_security_enabled'),
    dns_domain: text('dns_domain'),
    'provider:network_type': text('network_type'),
    'provider:physical_network': nullableText('physical_network'),
    'provider:segmentation_id': nullableNumber('segmentation_id'),
  },
  filters: {
    // Every network is up.
    status: (query, values) => (values.some((value) => value.toUpperCase() === 'ACTIVE') ? query : query.where((eb: any) => eb.lit(false))),
  },
}
