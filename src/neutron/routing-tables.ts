import type { Selectable } from 'kysely'
import type { Json } from '../kernel/sql/tables.ts'
import type { StandardAttributes } from './tables.ts'

interface NamelessAttributes extends Omit<StandardAttributes, 'name'> {}

interface SecurityGroupsTable extends StandardAttributes {
  stateful: boolean
  /** The project whose default group this is, else null: a unique key, so a project has one at most. */
  default_of: string | null
}

interface SecurityGroupRulesTable extends NamelessAttributes {
  security_group_id: string
  direction: 'ingress' | 'egress'
  ethertype: 'IPv4' | 'IPv6'
  protocol: string | null
  port_range_min: number | null
  port_range_max: number | null
  /** As the client wrote it, but always with a mask. */
  remote_ip_prefix: string | null
  remote_group_id: string | null
  /** What the rule says, as text that two equal rules share: unique within the group. */
  meaning: string
}

/** Which groups guard which ports. Goes with the port; keeps its group from being deleted. */
interface PortSecurityGroupsTable {
  port_id: string
  security_group_id: string
}

interface RoutersTable extends StandardAttributes {
  admin_state_up: boolean
  availability_zone_hints_json: Json<string[]>
  routes_json: Json<Route[]>
}

export interface Route {
  readonly destination: string
  readonly nexthop: string
}

/** A router's port on an external network; a router has one at most. */
interface RouterGatewaysTable {
  router_id: string
  network_id: string
  port_id: string
  enable_snat: boolean
}

/** The subnets that a router joins, and by which of its ports; a router joins a subnet once. */
interface RouterInterfacesTable {
  router_id: string
  subnet_id: string
  port_id: string
}

/**
 * While a floating IP leads to a port, it refers to the port's address, to the router's interface on that subnet and to
 * the router's gateway on the floating IP's network: the database lets none of them go before it.
 */
interface FloatingIpsTable extends NamelessAttributes {
  floating_network_id: string
  floating_ip_address: string
  /** The port that holds the address on the external network; of no project. */
  floating_port_id: string
  port_id: string | null
  fixed_ip_address: string | null
  router_id: string | null
  /** The subnet of the fixed address. */
  subnet_id: string | null
  status: 'ACTIVE' | 'DOWN'
}

export type SecurityGroupRow = Selectable<SecurityGroupsTable>
export type SecurityGroupRuleRow = Selectable<SecurityGroupRulesTable>
export type RouterRow = Selectable<RoutersTable>
export type FloatingIpRow = Selectable<FloatingIpsTable>

declare module '../kernel/sql/tables.ts' {
  interface Tables {
    neutron_security_groups: SecurityGroupsTable
    neutron_security_group_rules: SecurityGroupRulesTable
    neutron_port_security_groups: PortSecurityGroupsTable
    neutron_routers: RoutersTable
    neutron_router_gateways: RouterGatewaysTable
    neutron_router_interfaces: RouterInterfacesTable
    neutron_floating_ips: FloatingIpsTable
  }
}
