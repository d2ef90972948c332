import type { PolicyRule } from '../../cloud/policy.ts'

export const extensionPolicies: readonly PolicyRule[] = [{ name: 'os_compute_api:extensions', check: '@' }]
