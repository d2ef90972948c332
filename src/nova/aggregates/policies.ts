import type { PolicyRule } from '../../cloud/policy.ts'

export const aggregatePolicies: readonly PolicyRule[] = [
  { name: 'os_compute_api:os-aggregates:index', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-aggregates:show', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-aggregates:create', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-aggregates:update', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-aggregates:delete', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-aggregates:add_host', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-aggregates:remove_host', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-aggregates:set_metadata', check: 'rule:context_is_admin' },
]
