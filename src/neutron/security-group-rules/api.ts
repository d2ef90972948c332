import { invalid } from '../../kernel/errors.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import { route } from '../../cloud/service.ts'
import { enforceAttributes } from '../attribute-policy.ts'
import { listAnswer, nullableNumber, nullableText, standardColumns, text, withFields, type ListedResource } from '../listing.ts'
import { ownerOf } from '../values.ts'
import type { FilterQuery } from '../filters.ts'
import type { SecurityGroupRuleRow } from '../routing-tables.ts'
import { createRules, type WantedRule } from './create.ts'
import { deleteRule, noRule, visibleRule } from './delete.ts'
import { CreateRules, type RuleBody } from './schema.ts'
import { ofOwnGroups, rulesByIds } from './store.ts'
import { ruleView } from './view.ts'

const { name: _, ...columns } = standardColumns
const listed: ListedResource = {
  table: 'neutron_security_group_rules',
  collection: 'security_group_rules',
  columns: {
    ...columns,
    security_group_id: text('security_group_id'),
    direction: text('direction'),
    ethertype: text('ethertype'),
    protocol: nullableText('protocol'),
    port_range_min: nullableNumber('port_range_min'),
    port_range_max: nullableNumber('port_range_max'),
    remote_ip_prefix: nullableText('remote_ip_prefix'),
    remote_group_id: nullableText('remote_group_id'),
  },
  notFound: noRule,
}

/** The routes of security group rules. */
export const securityGroupRules = [
  route('GET /v2.0/security-group-rules', {
    rule: 'get_security_group_rule',
    run: async (ctx, db) =>
      ok(
        await listAnswer<SecurityGroupRuleRow>(ctx, db, listed, {
          visible: (query) => visibleRules(ctx, query),
          views: async (_, rows) => rows.map(ruleView),
        }),
      ),
  }),
  route('POST /v2.0/security-group-rules', {
    rule: 'create_security_group_rule',
    body: CreateRules,
    run: async (ctx, tx, { body }) => {
      const { security_group_rule: one, security_group_rules: many } = body
      if ((one === undefined) === (many === undefined)) throw invalid("Unable to find 'security_group_rule' in request body")
      const ids = await createRules(
        ctx,
        tx,
        (many ?? [one!]).map((rule) => requested(ctx, rule)),
      )
      const views = (await rulesByIds(tx, ids)).map(ruleView)
      return created(many ? { security_group_rules: views } : { security_group_rule: views[0] })
    },
  }),
  route('GET /v2.0/security-group-rules/:id', {
    rule: 'get_security_group_rule',
    run: async (ctx, db, { params }) => ok({ security_group_rule: withFields(ctx, ruleView(await visibleRule(ctx, db, params.id))) }),
  }),
  route('DELETE /v2.0/security-group-rules/:id', {
    rule: 'delete_security_group_rule',
    run: async (ctx, tx, { params }) => {
      await deleteRule(ctx, tx, params.id)
      return noContent()
    },
  }),
]

function requested(ctx: CloudContext, body: RuleBody): WantedRule {
  const projectId = ownerOf(ctx, body)
  enforceAttributes(ctx, { action: 'create_security_group_rule', target: { project_id: projectId }, given: body, rules: {} })
  return { body, projectId }
}

// The rules of a project are those that it made, and those in its groups, whoever made them.
const visibleRules = (ctx: CloudContext, query: FilterQuery): FilterQuery =>
  isAdmin(ctx.subject) ? query : ofOwnGroups(query, projectOf(ctx))
