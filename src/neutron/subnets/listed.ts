import { flag, nullableText, number, standardColumns, text, type ListedResource } from '../listing.ts'
import { subnetNotFound } from '../refusals.ts'

/** What lists of subnets can be filtered and sorted by. */
export const listedSubnets: ListedResource = {
  table: 'neutron_subnets',
  collection: 'subnets',
  notFound: subnetNotFound,
  columns: {
    ...standardColumns,
    network_id: text('network_id'),
    ip_version: number('ip_version'),
    cidr: text('cidr'),
    gateway_ip: nullableText('gateway_ip'),
    enable_dhcp: flag('enable_dhcp'),
    ipv6_ra_mode: nullableText('ipv6_ra_mode'),
    ipv6_address_mode: nullableText('ipv6_address_mode'),
    subnetpool_id: nullableText('subnetpool_id'),
  },
}
