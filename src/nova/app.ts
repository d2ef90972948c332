import { microversions } from '../cloud/microversions.ts'
import { aggregates } from './aggregates/api.ts'
import { availabilityZones } from './availability-zones/api.ts'
import { extensions } from './extensions/api.ts'
import { flavorExtraSpecs } from './flavors/extra-specs-api.ts'
import { flavors } from './flavors/api.ts'
import { openNovaBackground } from './background.ts'
import { novaFault } from './fault.ts'
import { hypervisors } from './hypervisors/api.ts'
import { keypairs } from './keypairs/api.ts'
import { limits } from './limits/api.ts'
import { quotaSets } from './quotas/api.ts'
import { refusal } from './policy-words.ts'
import { novaPolicies } from './policies.ts'
import { instanceActions } from './instance-actions/api.ts'
import { serverGroups } from './server-groups/api.ts'
import { serverMetadata } from './servers/metadata/api.ts'
import { serverNetworking } from './servers/networking/api.ts'
import { serverSagas } from './servers/sagas.ts'
import { serverTags } from './servers/tags/api.ts'
import { servers } from './servers/api.ts'
import { computeServices } from './services/api.ts'
import { tenantUsage } from './usage/api.ts'
import { versions } from './versions/api.ts'
import { maxVersion, minVersion } from './versions/range.ts'
import type { Service } from '../cloud/service.ts'

/** nova-api: the compute service's front. */
export const nova: Service = {
  name: 'nova-api',
  routes: [
    ...versions,
    ...flavors,
    ...flavorExtraSpecs,
    ...keypairs,
    ...quotaSets,
    ...limits,
    ...extensions,
    ...availabilityZones,
    ...computeServices,
    ...hypervisors,
    ...aggregates,
    ...serverGroups,
    ...tenantUsage,
    ...servers,
    ...serverMetadata,
    ...serverTags,
    ...serverNetworking,
    ...instanceActions,
  ],
  sagas: serverSagas,
  policies: novaPolicies,
  microversions: microversions('compute', { min: minVersion, max: maxVersion, legacyHeader: 'X-OpenStack-Nova-API-Version' }),
  background: openNovaBackground,
  fault: novaFault,
  forbiddenWording: refusal,
  headers: (_ctx, requestId) => ({ 'x-compute-request-id': requestId }),
}
