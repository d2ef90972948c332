import { Type } from 'typebox'
import { route } from '../../cloud/service.ts'
import { accepted } from '../../kernel/http/answer.ts'
import { importImage } from './import-image.ts'
import type { Route } from '../../kernel/http/route.ts'
import type { Imports } from './imports.ts'

export const importRoutes = (imports: Imports): readonly Route[] => [
  route('POST /v2/images/:id/import', {
    rule: 'modify_image',
    // Its rules have words that no schema has; see `request.ts`.
    body: Type.Unknown(),
    async run(ctx, tx, { params, body }) {
      await importImage(ctx, tx, { id: params.id, request: body, imports })
      return accepted()
    },
  }),
]
