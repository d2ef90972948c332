import { nullableText, standardColumns, text, type ListedResource } from '../listing.ts'
import { noFloatingIp } from './refusals.ts'

const { name: _, ...columns } = standardColumns

/** What lists of floating IPs can be filtered and sorted by. */
export const listedFloatingIps: ListedResource = {
  table: 'neutron_floating_ips',
  collection: 'floatingips',
  notFound: noFloatingIp,
  columns: {
    ...columns,
    floating_ip_address: text('floating_ip_address'),
    floating_network_id: text('floating_network_id'),
    fixed_ip_address: nullableText('fixed_ip_address'),
    port_id: nullableText('port_id'),
    router_id: nullableText('router_id'),
    status: text('status'),
  },
}
