import type { RequestContext } from '../../kernel/http/route.ts'
import { since, speaks } from '../since.ts'
import type { Candidate } from './combine.ts'
import type { Candidates } from './find.ts'
import type { CandidateRequest } from './request.ts'
import type { TreeProvider } from './tree.ts'

/** Ways to satisfy a request, each in the form in which allocations are written at the same version, and what is known of the providers. */
export function viewCandidates(ctx: RequestContext, request: CandidateRequest, { found, providers }: Candidates) {
  const asked = new Set(request.groups.flatMap((group) => Object.keys(group.resources)))
  return {
    allocation_requests: found.map((candidate) => (speaks(ctx, '1.12') ? viewByProvider(ctx, candidate) : viewListed(candidate))),
    provider_summaries: Object.fromEntries(providers.map((provider) => [provider.id, viewSummary(ctx, provider, asked)])),
  }
}

const viewByProvider = (ctx: RequestContext, { allocations, mappings }: Candidate) => ({
  allocations: Object.fromEntries(Object.entries(allocations).map(([id, resources]) => [id, { resources }])),
  ...since(ctx, '1.34', { mappings }),
})

const viewListed = ({ allocations }: Candidate) => ({
  allocations: Object.entries(allocations).map(([uuid, resources]) => ({ resource_provider: { uuid }, resources })),
})

function viewSummary(ctx: RequestContext, provider: TreeProvider, asked: ReadonlySet<string>) {
  const shown = Object.entries(provider.stocks).filter(([resourceClass]) => speaks(ctx, '1.27') || asked.has(resourceClass))
  return {
    resources: Object.fromEntries(shown.map(([resourceClass, { capacity, used }]) => [resourceClass, { capacity, used }])),
    ...since(ctx, '1.17', { traits: provider.traits }),
    ...since(ctx, '1.29', { parent_provider_uuid: provider.parentId, root_provider_uuid: provider.rootId }),
  }
}
