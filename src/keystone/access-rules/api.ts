import { Type } from 'typebox'
import { enforce, notAuthorized } from '../../cloud/policy.ts'
import { route } from '../../cloud/service.ts'
import { forbidden } from '../../kernel/errors.ts'
import { noContent, ok } from '../../kernel/http/answer.ts'
import { collection, link, page, text } from '../lists.ts'
import { found } from '../refusals.ts'
import { accessRuleById, deleteAccessRule, isAccessRuleUsed, listAccessRules } from './store.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { AccessRuleRow } from '../tables.ts'

const accessRuleView =
  (ctx: RequestContext) =>
  ({ id, user_id, service, path, method }: AccessRuleRow) => ({
    ...{ id, service, path, method },
    links: link(ctx, `users/${user_id}/access_rules`, id),
  })

/** What the application credentials of a user may be used for: made with them, and kept for the next ones. */
export const accessRules = [
  route('GET /v3/users/:user_id/access_rules', {
    rule: 'identity:list_access_rules',
    query: Type.Object({ ...page, service: text, path: text, method: text }),
    run: async (ctx, db, { params: { user_id }, query }) => {
      enforce(ctx, 'identity:list_access_rules', { user_id })
      const rows = await listAccessRules(db, { ...query, user_id })
      return ok(collection(ctx, 'access_rules', rows, accessRuleView(ctx), query.limit))
    },
  }),
  route('GET /v3/users/:user_id/access_rules/:access_rule_id', {
    rule: 'identity:get_access_rule',
    run: async (ctx, db, { params: { user_id, access_rule_id: id } }) => {
      enforce(ctx, 'identity:get_access_rule', { user_id })
      const row = found(await accessRuleById(db, { userId: user_id, id }), 'Access Rule', id)
      return ok({ access_rule: accessRuleView(ctx)(row) })
    },
  }),
  route('DELETE /v3/users/:user_id/access_rules/:access_rule_id', {
    rule: 'identity:delete_access_rule',
    run: async (ctx, tx, { params: { user_id, access_rule_id: id } }) => {
      enforce(ctx, 'identity:delete_access_rule', { user_id })
      found(await accessRuleById(tx, { userId: user_id, id }), 'Access Rule', id)
      if (await isAccessRuleUsed(tx, id)) throw forbidden(notAuthorized('May not delete access rule in use'))
      await deleteAccessRule(tx, id)
      return noContent()
    },
  }),
]
