import type { PolicyRule } from '../../cloud/policy.ts'

export const serverGroupPolicies: readonly PolicyRule[] = [
  { name: 'os_compute_api:os-server-groups:create', check: 'rule:project_member_or_admin' },
  { name: 'os_compute_api:os-server-groups:delete', check: 'rule:project_member_or_admin' },
  { name: 'os_compute_api:os-server-groups:index', check: 'rule:project_reader_or_admin' },
  { name: 'os_compute_api:os-server-groups:index:all_projects', check: 'rule:context_is_admin' },
  { name: 'os_compute_api:os-server-groups:show', check: 'rule:project_reader_or_admin' },
]
