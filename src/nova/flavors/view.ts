import { existsAt } from '../../kernel/http/schema.ts'
import { linksOf } from '../pages.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { ExtraSpecs } from './extra-specs-store.ts'
import type { Flavor } from './store.ts'

/** A flavor in a list without detail. */
export const flavorRef = (ctx: CloudContext, flavor: Flavor) => ({
  id: flavor.id,
  name: flavor.name,
  links: linksOf(ctx, `/flavors/${encodeURIComponent(flavor.id)}`),
  ...(existsAt({ since: '2.55' }, ctx.version) && { description: flavor.description }),
})

/** A flavor in full; `specs` is undefined for those who may not see extra specs. */
export const flavorView = (ctx: CloudContext, flavor: Flavor, specs: ExtraSpecs | undefined) => ({
  id: flavor.id,
  name: flavor.name,
  ram: flavor.memoryMb,
  disk: flavor.diskGb,
  // Until 2.74 "no swap" was an empty text.
  swap: flavor.swapMb === 0 && !existsAt({ since: '2.75' }, ctx.version) ? '' : flavor.swapMb,
  'OS-FLV-EXT-DATA:ephemeral': flavor.ephemeralGb,
  'OS-FLV-DISABLED:disabled': false,
  vcpus: flavor.vcpus,
  'os-flavor-access:is_public': flavor.isPublic,
  rxtx_factor: flavor.rxtxFactor,
  links: linksOf(ctx, `/flavors/${encodeURIComponent(flavor.id)}`),
  ...(existsAt({ since: '2.55' }, ctx.version) && { description: flavor.description }),
  ...(existsAt({ since: '2.61' }, ctx.version) && specs && { extra_specs: specs }),
})

/** Who may use a private flavor. */
export const accessView = (flavorId: string, projectIds: readonly string[]) => ({
  flavor_access: projectIds.map((projectId) => ({ flavor_id: flavorId, tenant_id: projectId })),
})
