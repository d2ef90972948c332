import { route } from '../../cloud/service.ts'
import { notFound } from '../../kernel/errors.ts'
import { ok } from '../../kernel/http/answer.ts'
import { extensionViews } from './view.ts'

export const extensions = [
  route('GET /v2.1/extensions', { rule: 'os_compute_api:extensions', run: () => ok({ extensions: extensionViews }) }),
  route('GET /v2.1/extensions/:alias', {
    rule: 'os_compute_api:extensions',
    run: (_ctx, _db, { params }) => {
      const extension = extensionViews.find(({ alias }) => alias === params.alias)
      if (!extension) throw notFound('The resource could not be found.')
      return ok({ extension })
    },
  }),
]
