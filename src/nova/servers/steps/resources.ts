import type { Charge } from '../../quotas/charge.ts'
import type { ServerFlavor } from '../tables.ts'

/** What a server of this flavor takes from its host, in placement's classes and units. */
export const resourcesOf = (flavor: ServerFlavor): Record<string, number> => ({
  VCPU: flavor.vcpus,
  MEMORY_MB: flavor.memoryMb,
  DISK_GB: flavor.diskGb + flavor.ephemeralGb + Math.ceil(flavor.swapMb / 1024),
})

/** Traits that the flavor asks of a host: extra specs such as `trait:CUSTOM_FAST=required`. */
export const traitsOf = (flavor: ServerFlavor): string[] =>
  Object.entries(flavor.extraSpecs).flatMap(([name, value]) =>
    name.startsWith('trait:') && value === 'required' ? [name.slice('trait:'.length)] : [],
  )

/** What so many servers of this flavor count against their project's quota. */
export const chargeOf = (flavor: Pick<ServerFlavor, 'vcpus' | 'memoryMb'>, count: number): Charge => ({
  instances: count,
  cores: count * flavor.vcpus,
  ramMb: count * flavor.memoryMb,
})
