import { keystoneFault } from './fault.ts'
import { keystoneUpkeep, listenForChanges } from './keys/chores.ts'
import { keystonePolicies } from './policies.ts'
import { tokens } from './tokens/api.ts'
import { versions } from './versions/api.ts'
import type { Service } from '../cloud/service.ts'

/** The identity service. */
export const keystone: Service = {
  name: 'keystone-api',
  routes: [...versions, ...tokens],
  policies: keystonePolicies,
  upkeep: keystoneUpkeep,
  background: listenForChanges,
  fault: keystoneFault,
  headers: () => ({ vary: 'X-Auth-Token' }),
}
