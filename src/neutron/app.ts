import type { Service } from '../cloud/service.ts'
import { agents } from './agents/api.ts'
import { availabilityZones } from './availability-zones/api.ts'
import { extensions } from './extensions/api.ts'
import { neutronFault } from './fault.ts'
import { ipAvailabilities } from './ip-availabilities/api.ts'
import { networks } from './networks/api.ts'
import { forbiddenWording, policies } from './policies.ts'
import { ports } from './ports/api.ts'
import { quotas } from './quotas/api.ts'
import { routingRoutes } from './routing-routes.ts'
import { subnets } from './subnets/api.ts'
import { tags } from './tags/api.ts'
import { versions } from './versions/api.ts'

/** The network API. */
export const neutron: Service = {
  name: 'neutron-api',
  routes: [
    ...versions,
    ...extensions,
    ...networks,
    ...subnets,
    ...ports,
    ...tags,
    ...quotas,
    ...ipAvailabilities,
    ...agents,
    ...availabilityZones,
    ...routingRoutes,
  ],
  policies,
  fault: neutronFault,
  forbiddenWording,
}
