import { link } from '../lists.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { CredentialRow } from '../tables.ts'

export const credentialView = (ctx: RequestContext) => (row: CredentialRow) => ({
  ...row.extra_json,
  id: row.id,
  user_id: row.user_id,
  project_id: row.project_id,
  type: row.type,
  blob: ctx.vault.open(row.sealed_blob).toString(),
  links: link(ctx, 'credentials', row.id),
})
