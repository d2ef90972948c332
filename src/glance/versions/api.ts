import { route } from '../../cloud/service.ts'
import { ok } from '../../kernel/http/answer.ts'

const current = 16
// 2.14 never was (glance/api/versions.py).
const numbers = Array.from({ length: current + 1 }, (_, index) => current - index).filter((number) => number !== 14)

const viewVersions = (baseUrl: string) => ({
  versions: numbers.map((number) => ({
    id: `v2.${number}`,
    status: number === current ? 'CURRENT' : 'SUPPORTED',
    links: [{ rel: 'self', href: `${baseUrl}/v2/` }],
  })),
})

export const versionRoutes = [
  route('GET /', { rule: 'public', run: (ctx) => ({ status: 300, body: viewVersions(ctx.request.baseUrl) }) }),
  // Asked for by name, the same list is no choice any more.
  route('GET /versions', { rule: 'public', run: (ctx) => ok(viewVersions(ctx.request.baseUrl)) }),
]
