import type { PolicyRule } from '../../cloud/policy.ts'

export const availabilityZonePolicies: readonly PolicyRule[] = [
  { name: 'os_compute_api:os-availability-zone:list', check: '@' },
  { name: 'os_compute_api:os-availability-zone:detail', check: 'rule:context_is_admin' },
]
