import { wireTime } from '../wire-time.ts'
import type { RouterRow } from '../routing-tables.ts'
import type { Gateway } from './store.ts'

/** What a router's view needs beside its row. */
export interface RouterParts {
  readonly gateway: Gateway | undefined
  readonly gatewayIps: readonly { subnet_id: string; ip_address: string }[]
  readonly tags: readonly string[]
  /** Whether to show how the router is built, which is the operator's business. */
  readonly forAdmin: boolean
}

/** A router as clients see it. */
export const routerView = (row: RouterRow, { gateway, gatewayIps, tags, forAdmin }: RouterParts) => ({
  id: row.id,
  name: row.name,
  tenant_id: row.project_id,
  admin_state_up: row.admin_state_up,
  status: 'ACTIVE',
  external_gateway_info: gateway
    ? { network_id: gateway.networkId, external_fixed_ips: gatewayIps, enable_snat: gateway.enableSnat }
    : null,
  description: row.description,
  availability_zones: [],
  ...(forAdmin && { distributed: false, ha: false }),
  availability_zone_hints: row.availability_zone_hints_json,
  routes: row.routes_json,
  flavor_id: null,
  tags,
  created_at: wireTime(row.created_at),
  updated_at: wireTime(row.updated_at),
  revision_number: row.revision_number,
  project_id: row.project_id,
})
