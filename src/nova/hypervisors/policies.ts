import type { PolicyRule } from '../../cloud/policy.ts'

export const hypervisorPolicies: readonly PolicyRule[] = [
  { name: 'os_compute_api:os-hypervisors:list', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-hypervisors:list-detail', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-hypervisors:statistics', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-hypervisors:show', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-hypervisors:uptime', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-hypervisors:search', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-hypervisors:servers', check: 'rule:context_is_admin' },
]
