import type { ColumnType, Selectable } from 'kysely'
import type { Json } from '../kernel/sql/tables.ts'

type Time = ColumnType<Date, any, any>

/** What neutron keeps of every resource. `revision_number` counts its changes. */
export interface StandardAttributes {
  id: string
  project_id: string
  name: string
  description: string | null
  revision_number: number
  created_at: Time
  updated_at: Time
}

interface NetworksTable extends StandardAttributes {
  admin_state_up: boolean
  shared: boolean
  external: boolean
  is_default: boolean
  mtu: number
  port_security_enabled: boolean
  dns_domain: string
  network_type: string
  physical_network: string | null
  segmentation_id: number | null
  /** The segment as one text (`vxlan:77`): a unique key, so that no two networks share one. */
  segment: string
  availability_zone_hints_json: Json<string[]>
}

interface SubnetsTable extends StandardAttributes {
  network_id: string
  ip_version: 4 | 6
  cidr: string
  gateway_ip: string | null
  enable_dhcp: boolean
  ipv6_ra_mode: string | null
  ipv6_address_mode: string | null
  subnetpool_id: string | null
  allocation_pools_json: Json<AllocationPool[]>
  dns_nameservers_json: Json<string[]>
  host_routes_json: Json<HostRoute[]>
  service_types_json: Json<string[]>
}

export interface AllocationPool {
  readonly start: string
  readonly end: string
}

export interface HostRoute {
  readonly destination: string
  readonly nexthop: string
}

interface PortsTable extends StandardAttributes {
  network_id: string
  mac_address: string
  admin_state_up: boolean
  status: 'ACTIVE' | 'DOWN'
  device_id: string
  device_owner: string
  port_security_enabled: boolean
  host_id: string
  vnic_type: string
  profile_json: Json<Record<string, unknown>>
  allowed_address_pairs_json: Json<AddressPair[]>
  extra_dhcp_opts_json: Json<DhcpOption[]>
  dns_name: string
  /** Whether a server's build made it, so that the server's end removes it. */
  made_for_server: boolean
}

export interface AddressPair {
  readonly mac_address: string
  readonly ip_address: string
}

export interface DhcpOption {
  readonly opt_name: string
  readonly opt_value: string
  readonly ip_version: 4 | 6
}

/** One row for each address that a port holds; its key is what keeps an address from being given twice. */
interface IpAllocationsTable {
  subnet_id: string
  /** The address as 32 hexadecimal digits: sorts like the number, for IPv4 and IPv6 alike. */
  address_key: string
  /** The address as people write it. */
  address: string
  port_id: string
  network_id: string
}

interface TagsTable {
  resource_id: string
  tag: string
}

/** What a project uses of a resource, and its own limit where it has one (null: the default, -1: none). */
interface QuotasTable {
  project_id: string
  resource: string
  used: number
  limit_value: number | null
}

export type NetworkRow = Selectable<NetworksTable>
export type SubnetRow = Selectable<SubnetsTable>
export type PortRow = Selectable<PortsTable>
export type AllocationRow = Selectable<IpAllocationsTable>

declare module '../kernel/sql/tables.ts' {
  interface Tables {
    neutron_networks: NetworksTable
    neutron_subnets: SubnetsTable
    neutron_ports: PortsTable
    neutron_ip_allocations: IpAllocationsTable
    neutron_tags: TagsTable
    neutron_quotas: QuotasTable
  }
}
