import type { Service } from '../cloud/service.ts'
import { aggregates } from './aggregates/api.ts'
import { allocationCandidates } from './allocation-candidates/api.ts'
import { allocations } from './allocations/api.ts'
import { inventories } from './inventories/api.ts'
import { placementFault } from './fault.ts'
import { placementPolicies } from './policies.ts'
import { reshaper } from './reshaper/api.ts'
import { resourceClasses } from './resource-classes/api.ts'
import { resourceProviders } from './resource-providers/api.ts'
import { traits } from './traits/api.ts'
import { providerTraits } from './traits/provider-api.ts'
import { usages } from './usages/api.ts'
import { placementVersions } from './versions/range.ts'
import { versions } from './versions/api.ts'

/** placement-api: what providers have, and who holds how much of it. */
export const placement: Service = {
  name: 'placement-api',
  routes: [
    ...versions,
    ...resourceProviders,
    ...inventories,
    ...aggregates,
    ...providerTraits,
    ...traits,
    ...resourceClasses,
    ...usages,
    ...allocations,
    ...allocationCandidates,
    ...reshaper,
  ],
  policies: placementPolicies,
  microversions: placementVersions,
  fault: placementFault,
  forbiddenWording: (rule) => `Policy does not allow ${rule} to be performed.`,
  headers: () => ({ vary: 'openstack-api-version' }),
}
