import type { PolicyRule } from '../cloud/policy.ts'

/** Who may do what in keystone, by its own names. */
export const keystonePolicies: readonly PolicyRule[] = [
  { name: 'identity:validate_token', check: 'rule:admin_required or rule:system_reader or rule:service_role or rule:owner' },
  { name: 'identity:revoke_token', check: 'rule:admin_required or rule:owner' },
]
