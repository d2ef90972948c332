import { catalogFor, serviceProvidersFor } from '../catalog/render.ts'
import { wholeDocument } from './view.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { TokenState } from './state.ts'

/** The document of a token as JSON, with the catalog unless the request wants none, and the other clouds that there are. */
export async function documentOf(ctx: RequestContext, state: TokenState): Promise<string> {
  const wantsCatalog = state.payload.scope.kind !== 'none' && !ctx.request.search.has('nocatalog')
  return wholeDocument(state.document, {
    catalog: wantsCatalog ? await catalogFor(ctx, { userId: state.user.id, projectId: state.project?.id }) : undefined,
    service_providers: await serviceProvidersFor(ctx),
  })
}
