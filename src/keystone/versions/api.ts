import { plain } from '../../cloud/service.ts'
import { ok } from '../../kernel/http/answer.ts'

const v3 = (baseUrl: string) => ({
  id: 'v3.14',
  status: 'stable',
  updated: '2020-04-07T00:00:00Z',
  links: [{ rel: 'self', href: `${baseUrl}/v3/` }],
  'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
})

export const versions = [
  plain('GET /', {
    rule: 'public',
    run: (ctx) => ({
      status: 300,
      body: { versions: { values: [v3(ctx.request.baseUrl)] } },
      headers: { location: `${ctx.request.baseUrl}/v3/` },
    }),
  }),
  plain('GET /v3', { rule: 'public', run: (ctx) => ok({ version: v3(ctx.request.baseUrl) }) }),
]
