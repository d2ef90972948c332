import type { PolicyRule } from '../cloud/policy.ts'
import { routingPolicies } from './routing-policies.ts'

const rule = (name: string, check: string, description: string): PolicyRule => ({ name, check, description })

const admin = 'rule:admin_required'
const reader = 'rule:project_reader_or_admin'
const member = 'rule:project_member_or_admin'
/** Asked with the network that the thing is on as its target. */
const networkOwner = member
const anyone = '@'

/** Neutron's rules for its core, by its own names and new defaults. */
export const policies: readonly PolicyRule[] = [
  rule('get_network', anyone, 'List networks and show one that is visible'),
  rule('get_network:provider', admin, 'See the provider attributes of networks'),
  rule('create_network', member, 'Create networks'),
  rule('create_network:shared', admin, 'Create networks that all projects can use'),
  rule('create_network:router:external', admin, 'Create networks that lead outside'),
  rule('create_network:is_default', admin, 'Create a default external network'),
  rule('create_network:port_security_enabled', member, 'Create networks without port security'),
  rule('create_network:provider', admin, 'Choose how a network is realized'),
  rule('create_network:project_id', admin, 'Create networks for other projects'),
  rule('update_network', member, 'Change networks'),
  rule('update_network:shared', admin, 'Share networks'),
  rule('update_network:router:external', admin, 'Let a network lead outside'),
  rule('update_network:is_default', admin, 'Choose the default external network'),
  rule('update_network:provider', admin, 'Change how a network is realized'),
  rule('delete_network', member, 'Delete networks'),
  rule('get_network_ip_availability', admin, 'See how many addresses are used'),

  rule('get_subnet', anyone, 'List subnets and show one that is visible'),
  rule('create_subnet', networkOwner, 'Create subnets'),
  rule('create_subnet:project_id', admin, 'Create subnets for other projects'),
  rule('create_subnet:service_types', admin, 'Reserve a subnet for kinds of ports'),
  rule('update_subnet', member, 'Change subnets'),
  rule('update_subnet:service_types', admin, 'Reserve a subnet for kinds of ports'),
  rule('delete_subnet', member, 'Delete subnets'),

  rule('get_port', reader, 'List ports and show them'),
  rule('get_port:binding', admin, 'See where ports are bound'),
  rule('create_port', member, 'Create ports'),
  rule('create_port:project_id', admin, 'Create ports for other projects'),
  rule('create_port:device_owner', networkOwner, 'Create ports of network services'),
  rule('create_port:mac_address', networkOwner, 'Choose the MAC address of a port'),
  rule('create_port:fixed_ips:ip_address', networkOwner, 'Choose the address of a port'),
  rule('create_port:port_security_enabled', networkOwner, 'Create ports without port security'),
  rule('create_port:allowed_address_pairs', networkOwner, 'Let ports use further addresses'),
  rule('create_port:binding:host_id', admin, 'Bind a port to a host'),
  rule('create_port:binding:profile', admin, 'Set the binding profile of a port'),
  rule('update_port', member, 'Change ports'),
  rule('update_port:device_owner', networkOwner, 'Make a port one of a network service'),
  rule('update_port:mac_address', admin, 'Change the MAC address of a port'),
  rule('update_port:fixed_ips:ip_address', networkOwner, 'Choose the address of a port'),
  rule('update_port:port_security_enabled', networkOwner, 'Change port security'),
  rule('update_port:allowed_address_pairs', networkOwner, 'Let ports use further addresses'),
  rule('update_port:binding:host_id', admin, 'Bind a port to a host'),
  rule('update_port:binding:profile', admin, 'Set the binding profile of a port'),
  rule('delete_port', member, 'Delete ports'),

  rule('get_tags', anyone, 'See the tags of a resource that is visible'),
  rule('update_tags', member, 'Change the tags of a resource'),
  rule('get_quota', reader, 'See a project’s quotas'),
  rule('get_quotas', admin, 'See all projects’ quotas'),
  rule('update_quota', admin, 'Change quotas'),
  rule('delete_quota', admin, 'Return quotas to their defaults'),
  rule('get_agent', admin, 'See the agents'),
  rule('get_availability_zone', anyone, 'See the availability zones'),
  rule('get_extension', anyone, 'See the extensions'),
  rule('get_service_provider', anyone, 'See the service providers'),
  ...routingPolicies,
]

/** How neutron says that a rule forbids something. */
export const forbiddenWording = (name: string): string => `rule:${name} is disallowed by policy`
