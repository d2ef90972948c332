/** What placement is to the other services. All of it takes the caller's transaction. */
export { claim, type Claim } from './allocations/claim.ts'
export { release } from './allocations/release.ts'
export { allocationsOf, type Allocation } from './allocations/store.ts'
export { hostCandidates, type HostCandidate, type HostRequest } from './allocation-candidates/hosts.ts'
export { usageOf, type Usage } from './inventories/store.ts'
export type { InventorySpec } from './inventories/inventory.ts'
export { putProvider, type ProviderSpec } from './resource-providers/put.ts'
export type { Resources } from './resources.ts'
