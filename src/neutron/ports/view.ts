import { wireTime } from '../wire-time.ts'
import type { AllocationRow, PortRow } from '../tables.ts'

interface Extras {
  readonly addresses: readonly AllocationRow[]
  readonly groupIds: readonly string[]
  readonly tags: readonly string[]
  /** Whether the asker may see where it is bound. */
  readonly binding: boolean
}

/** A port as clients see it. */
export const portView = (row: PortRow, { addresses, groupIds, tags, binding }: Extras) => ({
  id: row.id,
  name: row.name,
  network_id: row.network_id,
  tenant_id: row.project_id,
  mac_address: row.mac_address,
  admin_state_up: row.admin_state_up,
  status: row.status,
  device_id: row.device_id,
  device_owner: row.device_owner,
  fixed_ips: addresses.map(({ subnet_id, address }) => ({ subnet_id, ip_address: address })),
  project_id: row.project_id,
  port_security_enabled: row.port_security_enabled,
  security_groups: groupIds,
  'binding:vnic_type': row.vnic_type,
  ...(binding && bindingView(row)),
  allowed_address_pairs: row.allowed_address_pairs_json,
  extra_dhcp_opts: row.extra_dhcp_opts_json,
  dns_name: row.dns_name,
  dns_assignment: addresses.map(({ address }) => nameOf(row, address)),
  description: row.description ?? '',
  tags,
  created_at: wireTime(row.created_at),
  updated_at: wireTime(row.updated_at),
  revision_number: row.revision_number,
})

const bindingView = (row: PortRow) => ({
  'binding:profile': row.profile_json,
  'binding:host_id': row.host_id,
  'binding:vif_type': row.host_id === '' ? 'unbound' : 'ovs',
  'binding:vif_details': row.host_id === '' ? {} : { connectivity: 'l2', port_filter: true, ovs_hybrid_plug: false, bridge_name: 'br-int' },
})

function nameOf(row: PortRow, address: string) {
  const hostname = row.dns_name || `host-${address.replaceAll(/[.:]/g, '-')}`
  return { ip_address: address, hostname, fqdn: `${hostname}.openstacklocal.` }
}
