import { link } from '../lists.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { ApplicationCredentialRow } from '../tables.ts'
import type { Powers } from './store.ts'

/** A credential as clients see it: its secret is shown once, by who makes it. */
export const applicationCredentialView =
  (ctx: RequestContext, powers: (id: string) => Powers) =>
  ({ id, name, description, project_id, expires_at, unrestricted, user_id }: ApplicationCredentialRow) => {
    const { roles, accessRules } = powers(id)
    return {
      ...{ id, name, description, project_id, expires_at, unrestricted, system: null },
      roles: roles.map((role) => ({ id: role.id, name: role.name, domain_id: role.domain_id || null })),
      ...(accessRules && {
        access_rules: accessRules.map((rule) => ({ id: rule.id, service: rule.service, path: rule.path, method: rule.method })),
      }),
      links: link(ctx, `users/${user_id}/application_credentials`, id),
    }
  }
