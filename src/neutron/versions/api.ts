import { ok } from '../../kernel/http/answer.ts'
import { route } from '../../cloud/service.ts'

const collections = [
  'networks',
  'subnets',
  'ports',
  'security-groups',
  'security-group-rules',
  'routers',
  'floatingips',
  'quotas',
  'agents',
  'extensions',
]

/** The version document, and what version 2.0 offers. */
export const versions = [
  route('GET /', {
    rule: 'public',
    run: (ctx) => {
      const self = { rel: 'self', href: `${ctx.request.baseUrl}/v2.0/` }
      return ok({ versions: [{ id: 'v2.0', status: 'CURRENT', links: [self] }] })
    },
  }),
  route('GET /v2.0', {
    rule: 'get_extension',
    run: (ctx) => {
      const resource = (collection: string) => ({
        name: collection.replaceAll('-', '_').replace(/ies$/, 'y').replace(/s$/, ''),
        collection: collection.replaceAll('-', '_'),
        links: [{ rel: 'self', href: `${ctx.request.baseUrl}/v2.0/${collection}` }],
      })
      return ok({ resources: collections.map(resource) })
    },
  }),
]
