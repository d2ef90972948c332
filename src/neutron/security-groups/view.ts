import { wireTime } from '../wire-time.ts'
import { ruleView } from '../security-group-rules/view.ts'
import type { SecurityGroupRow, SecurityGroupRuleRow } from '../routing-tables.ts'

/** A group as clients see it, with its rules. */
export const groupView = (row: SecurityGroupRow, rules: readonly SecurityGroupRuleRow[], tags: readonly string[]) => ({
  id: row.id,
  name: row.name,
  stateful: row.stateful,
  tenant_id: row.project_id,
  description: row.description,
  shared: false,
  security_group_rules: rules.map((rule) => ({ ...ruleView(rule), tags: [] })),
  tags,
  created_at: wireTime(row.created_at),
  updated_at: wireTime(row.updated_at),
  revision_number: row.revision_number,
  project_id: row.project_id,
})
