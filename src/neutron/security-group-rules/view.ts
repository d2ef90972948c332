import { wireTime } from '../wire-time.ts'
import { readPrefix } from '../prefixes.ts'
import type { SecurityGroupRuleRow } from '../routing-tables.ts'

/** A rule as clients see it. */
export const ruleView = (row: SecurityGroupRuleRow) => ({
  id: row.id,
  tenant_id: row.project_id,
  security_group_id: row.security_group_id,
  ethertype: row.ethertype,
  direction: row.direction,
  protocol: row.protocol,
  port_range_min: row.port_range_min,
  port_range_max: row.port_range_max,
  remote_ip_prefix: row.remote_ip_prefix,
  remote_address_group_id: null,
  normalized_cidr: row.remote_ip_prefix === null ? null : (readPrefix(row.remote_ip_prefix)?.network ?? null),
  remote_group_id: row.remote_group_id,
  description: row.description,
  created_at: wireTime(row.created_at),
  updated_at: wireTime(row.updated_at),
  revision_number: row.revision_number,
  project_id: row.project_id,
})
