import { route } from '../../cloud/service.ts'
import { notFound } from '../../kernel/errors.ts'
import { ok } from '../../kernel/http/answer.ts'
import { withFields } from '../listing.ts'
import { extensions as known, type Extension } from './aliases.ts'
import { routingExtensions } from '../routing-extensions.ts'

const view = (extension: Extension) => ({ ...extension, links: [] })
const all: readonly Extension[] = [...known, ...routingExtensions]

export const extensions = [
  route('GET /v2.0/extensions', {
    rule: 'get_extension',
    run: (ctx) => ok({ extensions: all.map((extension) => withFields(ctx, view(extension))) }),
  }),
  route('GET /v2.0/extensions/:alias', {
    rule: 'get_extension',
    run: (_ctx, _db, { params }) => {
      const extension = all.find((candidate) => candidate.alias === params.alias)
      if (!extension) throw notFound(`Extension with alias ${params.alias} does not exist`, { type: 'HTTPNotFound' })
      return ok({ extension: view(extension) })
    },
  }),
]
