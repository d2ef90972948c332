import type { PolicyRule } from '../cloud/policy.ts'

const rule = (name: string, check: string, description: string): PolicyRule => ({ name, check, description })

const admin = 'rule:admin_required'
const reader = 'rule:project_reader_or_admin'
const member = 'rule:project_member_or_admin'

/** Neutron's rules for security groups, routers and floating IPs. */
export const routingPolicies: readonly PolicyRule[] = [
  rule('get_security_group', reader, 'List security groups and show them'),
  rule('create_security_group', member, 'Create security groups'),
  rule('update_security_group', member, 'Change security groups'),
  rule('delete_security_group', member, 'Delete security groups'),
  rule('get_security_group_rule', reader, 'List security group rules and show them'),
  rule('create_security_group_rule', member, 'Add rules to security groups'),
  rule('delete_security_group_rule', member, 'Take rules out of security groups'),

  rule('get_router', reader, 'List routers and show them'),
  rule('get_router:distributed', admin, 'See whether a router is distributed'),
  rule('get_router:ha', admin, 'See whether a router is highly available'),
  rule('create_router', member, 'Create routers'),
  rule('create_router:distributed', admin, 'Choose whether a new router is distributed'),
  rule('create_router:ha', admin, 'Choose whether a new router is highly available'),
  rule('create_router:external_gateway_info', member, 'Create routers with a gateway'),
  rule('create_router:external_gateway_info:enable_snat', admin, 'Choose whether a new gateway translates addresses'),
  rule('create_router:external_gateway_info:external_fixed_ips', admin, 'Choose the addresses of a new gateway'),
  rule('update_router', member, 'Change routers'),
  rule('update_router:distributed', admin, 'Choose whether a router is distributed'),
  rule('update_router:ha', admin, 'Choose whether a router is highly available'),
  rule('update_router:external_gateway_info', member, 'Set and clear the gateway of a router'),
  rule('update_router:external_gateway_info:enable_snat', admin, 'Choose whether a gateway translates addresses'),
  rule('update_router:external_gateway_info:external_fixed_ips', admin, 'Choose the addresses of a gateway'),
  rule('delete_router', member, 'Delete routers'),
  rule('add_router_interface', member, 'Let a router join subnets'),
  rule('remove_router_interface', member, 'Take a router off subnets'),
  rule('add_extraroutes', member, 'Add routes to a router'),
  rule('remove_extraroutes', member, 'Take routes from a router'),

  rule('get_floatingip', reader, 'List floating IPs and show them'),
  rule('create_floatingip', member, 'Take floating IPs'),
  rule('create_floatingip:floating_ip_address', admin, 'Choose the address of a floating IP'),
  rule('update_floatingip', member, 'Associate and disassociate floating IPs'),
  rule('delete_floatingip', member, 'Give floating IPs back'),
]
