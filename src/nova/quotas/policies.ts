import type { PolicyRule } from '../../cloud/policy.ts'

export const quotaPolicies: readonly PolicyRule[] = [
  { name: 'os_compute_api:os-quota-sets:show', check: 'rule:project_reader_or_admin' },
  { name: 'os_compute_api:os-quota-sets:defaults', check: '@' },
  { name: 'os_compute_api:os-quota-sets:detail', check: 'rule:project_reader_or_admin' },
  { name: 'os_compute_api:os-quota-sets:update', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-quota-sets:delete', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-quota-class-sets:show', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-quota-class-sets:update', check: 'rule:context_is_admin' },
]
