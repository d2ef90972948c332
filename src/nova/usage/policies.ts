import type { PolicyRule } from '../../cloud/policy.ts'

export const usagePolicies: readonly PolicyRule[] = [
  { name: 'os_compute_api:os-simple-tenant-usage:list', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-simple-tenant-usage:show', check: 'rule:project_reader_or_admin' },
]
