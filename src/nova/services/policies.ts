import type { PolicyRule } from '../../cloud/policy.ts'

export const servicePolicies: readonly PolicyRule[] = [
  { name: 'os_compute_api:os-services:list', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-services:update', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-services:delete', check: 'rule:context_is_admin' },
]
