import { wireTime } from '../wire-time.ts'
import type { SubnetRow } from '../tables.ts'

/** A subnet as clients see it. */
export const subnetView = (row: SubnetRow, tags: readonly string[]) => ({
  id: row.id,
  name: row.name,
  tenant_id: row.project_id,
  network_id: row.network_id,
  ip_version: row.ip_version,
  subnetpool_id: row.subnetpool_id,
  enable_dhcp: row.enable_dhcp,
  ipv6_ra_mode: row.ipv6_ra_mode,
  ipv6_address_mode: row.ipv6_address_mode,
  gateway_ip: row.gateway_ip,
  cidr: row.cidr,
  allocation_pools: row.allocation_pools_json,
  host_routes: row.host_routes_json,
  dns_nameservers: row.dns_nameservers_json,
  description: row.description ?? '',
  service_types: row.service_types_json,
  tags,
  created_at: wireTime(row.created_at),
  updated_at: wireTime(row.updated_at),
  revision_number: row.revision_number,
  project_id: row.project_id,
})
