import type { PolicyRule } from '../../cloud/policy.ts'

export const limitPolicies: readonly PolicyRule[] = [
  { name: 'os_compute_api:limits', check: '@' },
  { name: 'os_compute_api:limits:other_project', check: 'rule:context_is_admin' },
]
