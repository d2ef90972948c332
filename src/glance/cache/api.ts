import { route } from '../../cloud/service.ts'
import { notFound } from '../../kernel/errors.ts'
import type { Route } from '../../kernel/http/route.ts'

// All instances read the one store; none keeps copies. glance/api/v2/cached_images.py says it so.
const refuse = () => {
  throw notFound('Caching via API is not supported at this site.')
}

export const cacheRoutes: readonly Route[] = [
  route('GET /v2/cache', { rule: 'cache_list', run: refuse }),
  route('GET /v2/cache/nodes/:id', { rule: 'cache_list', run: refuse }),
  route('DELETE /v2/cache', { rule: 'cache_delete', run: refuse }),
  route('DELETE /v2/cache/:id', { rule: 'cache_delete', run: refuse }),
  route('PUT /v2/cache/:id', { rule: 'cache_image', run: refuse }),
  route('POST /v2/cache/clean', { rule: 'cache_delete', run: refuse }),
  route('POST /v2/cache/prune', { rule: 'cache_delete', run: refuse }),
]
