import { plain } from '../../cloud/service.ts'
import { ok } from '../../kernel/http/answer.ts'
import { range } from './range.ts'

const document = {
  versions: [{ id: 'v1.0', max_version: range.max, min_version: range.min, status: 'CURRENT', links: [{ rel: 'self', href: '' }] }],
}

/** The version document, which is there without a token. */
export const versions = [plain('GET /', { rule: 'public', run: () => ok(document) })]
