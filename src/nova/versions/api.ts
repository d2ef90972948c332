import { ok } from '../../kernel/http/answer.ts'
import { plain } from '../../cloud/service.ts'
import { v2, v21 } from './view.ts'
import type { CloudContext } from '../../cloud/context.ts'

const addressOf = (ctx: CloudContext): string => ctx.request.baseUrl

/** The version documents, which are there without a token. */
export const versions = [
  plain('GET /', { rule: 'public', run: (ctx) => ok({ versions: [v2(addressOf(ctx)), v21(addressOf(ctx))] }) }),
  plain('GET /v2.1', { rule: 'public', run: (ctx) => ok({ version: v21(addressOf(ctx), { inFull: true }) }) }),
  plain('GET /v2', { rule: 'public', run: (ctx) => ok({ version: v2(addressOf(ctx), { inFull: true }) }) }),
]
