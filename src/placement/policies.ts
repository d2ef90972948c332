import type { PolicyRule } from '../cloud/policy.ts'

const ownRules: readonly PolicyRule[] = [
  { name: 'admin_api', check: 'rule:admin_required', description: 'Administrators of any project.' },
  { name: 'service_api', check: 'role:service', description: 'Services that speak to each other.' },
  { name: 'admin_or_service_api', check: 'rule:admin_api or rule:service_api' },
  { name: 'project_reader_api', check: 'role:reader and project_id:%(project_id)s' },
  { name: 'admin_or_project_reader_or_service_api', check: 'rule:admin_or_service_api or rule:project_reader_api' },
]

const guarded = [
  'allocation_candidates:list',
  'allocations:delete allocations:list allocations:manage allocations:update',
  'resource_classes:create resource_classes:delete resource_classes:list resource_classes:show resource_classes:update',
  'resource_providers:create resource_providers:delete resource_providers:list resource_providers:show resource_providers:update',
  'resource_providers:aggregates:list resource_providers:aggregates:update',
  'resource_providers:allocations:list',
  'resource_providers:inventories:create resource_providers:inventories:delete resource_providers:inventories:list',
  'resource_providers:inventories:show resource_providers:inventories:update',
  'resource_providers:traits:delete resource_providers:traits:list resource_providers:traits:update',
  'resource_providers:usages',
  'traits:delete traits:list traits:show traits:update',
].flatMap((line) => line.split(' '))

/** Who may do what: administrators and services everything, readers of a project its usages. */
export const placementPolicies: readonly PolicyRule[] = [
  ...ownRules,
  ...guarded.map((name) => ({ name: `placement:${name}`, check: 'rule:admin_or_service_api' })),
  // Only nova, whose business inventories and claims are, moves both at once.
  { name: 'placement:reshaper:reshape', check: 'rule:service_api' },
  { name: 'placement:usages', check: 'rule:admin_or_project_reader_or_service_api' },
]
