import { link } from '../lists.ts'
import { roleView } from '../roles/view.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { RoleRow, TrustRow } from '../tables.ts'

/** A trust as lists show it. */
export const trustView =
  (ctx: RequestContext) =>
  ({ extra_json, expires_at, ...row }: TrustRow) => ({
    ...extra_json,
    ...row,
    expires_at: expires_at === null ? null : `${expires_at}Z`,
    deleted_at: null,
    links: link(ctx, 'OS-TRUST/trusts', row.id),
  })

/** A trust with the roles that it hands on. */
export const wholeTrustView = (ctx: RequestContext, row: TrustRow, roles: readonly RoleRow[]) => ({
  ...trustView(ctx)(row),
  roles: roles.map(roleView(ctx)),
  roles_links: { next: null, self: link(ctx, 'OS-TRUST/trusts', `${row.id}/roles`).self, previous: null },
})
