import { wireTime } from '../wire-time.ts'
import type { FloatingIpRow } from '../routing-tables.ts'
import type { PortRow } from '../tables.ts'

/** A floating IP as clients see it, with a glance at the port that it leads to. */
export const floatingIpView = (row: FloatingIpRow, { port, tags }: { port: PortRow | undefined; tags: readonly string[] }) => ({
  id: row.id,
  tenant_id: row.project_id,
  floating_ip_address: row.floating_ip_address,
  floating_network_id: row.floating_network_id,
  router_id: row.router_id,
  port_id: row.port_id,
  fixed_ip_address: row.fixed_ip_address,
  status: row.status,
  description: row.description,
  port_details: port ? portGlance(port) : null,
  tags,
  created_at: wireTime(row.created_at),
  updated_at: wireTime(row.updated_at),
  revision_number: row.revision_number,
  project_id: row.project_id,
})

const portGlance = (port: PortRow) => ({
  name: port.name,
  network_id: port.network_id,
  mac_address: port.mac_address,
  admin_state_up: port.admin_state_up,
  status: port.status,
  device_id: port.device_id,
  device_owner: port.device_owner,
})
