import type { Service } from '../cloud/service.ts'
import { neutronFault } from './fault.ts'
import { forbiddenWording, policies } from './policies.ts'
import { routingRoutes } from './routing-routes.ts'
import { networks } from './networks/api.ts'
import { ports } from './ports/api.ts'
import { subnets } from './subnets/api.ts'
import { versions } from './versions/api.ts'

/** The network API. */
export const neutron: Service = {
  name: 'neutron-api',
  routes: [...versions, ...networks, ...subnets, ...ports, ...routingRoutes],
  policies,
  fault: neutronFault,
  forbiddenWording,
}
