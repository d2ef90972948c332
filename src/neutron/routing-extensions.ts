import type { Extension } from './extensions/aliases.ts'

const extension = (alias: string, name: string, updated: string, description: string): Extension => ({ name, alias, description, updated })

/** The extensions that routers, floating IPs and security groups bring. */
export const routingExtensions: readonly Extension[] = [
  extension(
    'router',
    'Neutron L3 Router',
    '2012-07-20T10:00:00-00:00',
    'Router abstraction for basic L3 forwarding between L2 Neutron networks and access to external networks via a NAT gateway.',
  ),
  extension(
    'ext-gw-mode',
    'Neutron L3 Configurable external gateway mode',
    '2013-03-28T10:00:00-00:00',
    'Extension of the router abstraction for specifying whether SNAT should occur on the external gateway',
  ),
  extension('extraroute', 'Neutron Extra Route', '2013-02-01T10:00:00-00:00', 'Extra routes configuration for L3 router'),
  extension(
    'extraroute-atomic',
    'Atomically add/remove extra routes',
    '2019-07-10T00:00:00+00:00',
    'Edit extra routes of a router on server side by atomically adding/removing extra routes',
  ),
  extension('router_availability_zone', 'Router Availability Zone', '2015-01-01T10:00:00-00:00', 'Availability zone support for router.'),
  extension(
    'fip-port-details',
    'Floating IP Port Details Extension',
    '2018-04-09T10:00:00-00:00',
    'Add port_details attribute to Floating IP resource',
  ),
  extension(
    'l3-port-ip-change-not-allowed',
    'Prevent L3 router ports IP address change extension',
    '2018-10-09T10:00:00-00:00',
    'Prevent change of IP address for some L3 router ports',
  ),
  extension('security-group', 'security-group', '2012-10-05T10:00:00-00:00', 'The security groups extension.'),
  extension(
    'stateful-security-group',
    'Stateful security group',
    '2019-11-26T09:00:00-00:00',
    'Indicates if the security group is stateful or not',
  ),
  extension(
    'security-groups-normalized-cidr',
    'Normalized CIDR field for security group rules',
    '2020-07-28T10:00:00-00:00',
    'Add new field with normalized remote_ip_prefix cidr in SG rule',
  ),
  extension(
    'security-groups-shared-filtering',
    'Security group filtering on the shared field',
    '2021-10-05T09:00:00-00:00',
    'Support filtering security groups on the shared field',
  ),
]
