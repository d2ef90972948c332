import type { PolicyRule } from '../../cloud/policy.ts'

export const keypairPolicies: readonly PolicyRule[] = [
  { name: 'os_compute_api:os-keypairs:index', check: '(rule:context_is_admin) or user_id:%(user_id)s' },
  { name: 'os_compute_api:os-keypairs:show', check: '(rule:context_is_admin) or user_id:%(user_id)s' },
  { name: 'os_compute_api:os-keypairs:create', check: '(rule:context_is_admin) or user_id:%(user_id)s' },
  { name: 'os_compute_api:os-keypairs:delete', check: '(rule:context_is_admin) or user_id:%(user_id)s' },
]
