import { route } from '../../cloud/service.ts'
import { noContent } from '../../kernel/http/answer.ts'
import { reshape } from './reshape.ts'
import { Reshape } from './schema.ts'

/** Inventory and what is allocated of it, changed in one go. */
export const reshaper = [
  route('POST /reshaper', {
    rule: 'placement:reshaper:reshape',
    since: '1.30',
    body: Reshape,
    run: async (ctx, tx, { body }) => {
      await reshape(ctx, tx, body)
      return noContent()
    },
  }),
]
