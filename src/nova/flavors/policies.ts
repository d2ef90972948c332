import type { PolicyRule } from '../../cloud/policy.ts'

export const flavorPolicies: readonly PolicyRule[] = [
  { name: 'os_compute_api:flavors', check: '@' },
  { name: 'os_compute_api:os-flavor-manage:create', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-flavor-manage:update', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-flavor-manage:delete', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-flavor-access', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-flavor-access:add_tenant_access', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-flavor-access:remove_tenant_access', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-flavor-extra-specs:index', check: 'rule:project_reader_or_admin' },
  { name: 'os_compute_api:os-flavor-extra-specs:show', check: 'rule:project_reader_or_admin' },
  { name: 'os_compute_api:os-flavor-extra-specs:create', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-flavor-extra-specs:update', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-flavor-extra-specs:delete', check: 'rule:context_is_admin' },
]
