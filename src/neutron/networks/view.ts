import { wireTime } from '../wire-time.ts'
import type { NetworkRow } from '../tables.ts'

/** A network as clients see it; admins also see how it is realized. */
export const networkView = (
  row: NetworkRow,
  { subnets, tags, provider }: { subnets: readonly string[]; tags: readonly string[]; provider: boolean },
) => ({
  id: row.id,
  name: row.name,
  tenant_id: row.project_id,
  admin_state_up: row.admin_state_up,
  mtu: row.mtu,
  status: 'ACTIVE',
  subnets,
  shared: row.shared,
  availability_zone_hints: row.availability_zone_hints_json,
  availability_zones: [],
  ipv4_address_scope: null,
  ipv6_address_scope: null,
  'router:external': row.external,
  description: row.description ?? '',
  port_security_enabled: row.port_security_enabled,
  is_default: row.is_default,
  dns_domain: row.dns_domain,
  tags,
  created_at: wireTime(row.created_at),
  updated_at: wireTime(row.updated_at),
  revision_number: row.revision_number,
  project_id: row.project_id,
  ...(provider && {
    'provider:network_type': row.network_type,
    'provider:physical_network': row.physical_network,
    'provider:segmentation_id': row.segmentation_id,
  }),
})
