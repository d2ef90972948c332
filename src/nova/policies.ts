import type { PolicyRule } from '../cloud/policy.ts'
import { aggregatePolicies } from './aggregates/policies.ts'
import { availabilityZonePolicies } from './availability-zones/policies.ts'
import { extensionPolicies } from './extensions/policies.ts'
import { flavorPolicies } from './flavors/policies.ts'
import { hypervisorPolicies } from './hypervisors/policies.ts'
import { keypairPolicies } from './keypairs/policies.ts'
import { limitPolicies } from './limits/policies.ts'
import { quotaPolicies } from './quotas/policies.ts'
import { serverGroupPolicies } from './server-groups/policies.ts'
import { serverPolicies } from './servers/policies.ts'
import { servicePolicies } from './services/policies.ts'
import { usagePolicies } from './usage/policies.ts'

/** Every rule of nova, under nova's own names. */
export const novaPolicies: readonly PolicyRule[] = [
  ...aggregatePolicies,
  ...availabilityZonePolicies,
  ...extensionPolicies,
  ...flavorPolicies,
  ...hypervisorPolicies,
  ...keypairPolicies,
  ...limitPolicies,
  ...quotaPolicies,
  ...serverGroupPolicies,
  ...serverPolicies,
  ...servicePolicies,
  ...usagePolicies,
]
