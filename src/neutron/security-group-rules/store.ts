import type { ExpressionBuilder } from 'kysely'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tables, Tx } from '../../kernel/sql/tables.ts'
import type { SecurityGroupRuleRow } from '../routing-tables.ts'
import { standardRow } from '../standard-row.ts'
import type { FilterQuery } from '../filters.ts'
import { meaningOf, type RuleWords } from './meaning.ts'

export interface NewRule {
  readonly groupId: string
  readonly projectId: string
  readonly description: string | null
  readonly words: RuleWords
}

/** Inserts a rule unless its group has one that says the same; its id, or undefined then. */
export async function insertRule(ctx: Context, tx: Tx, { groupId, projectId, description, words }: NewRule): Promise<string | undefined> {
  const row = {
    ...standardRow(ctx, { projectId, description }),
    security_group_id: groupId,
    direction: words.direction,
    ethertype: words.ethertype,
    protocol: words.protocol,
    port_range_min: words.portRangeMin,
    port_range_max: words.portRangeMax,
    remote_ip_prefix: words.remoteIpPrefix,
    remote_group_id: words.remoteGroupId,
    meaning: meaningOf(words),
  }
  return (await ctx.dialect.insertIfAbsent(tx, 'neutron_security_group_rules', row)) ? row.id : undefined
}

export const rules = (db: Db) => db.selectFrom('neutron_security_group_rules').selectAll()

export const ruleById = (db: Db, id: string) => rules(db).where('id', '=', id).executeTakeFirst()

/** These rules, in the order of their ids in `ids`. */
export async function rulesByIds(db: Db, ids: readonly string[]): Promise<SecurityGroupRuleRow[]> {
  const found = new Map(
    (
      await rules(db)
        .where('id', 'in', [...ids])
        .execute()
    ).map((row) => [row.id, row]),
  )
  return ids.flatMap((id) => found.get(id) ?? [])
}

/** The id of the group's rule that says this. */
export async function ruleLike(db: Db, groupId: string, words: RuleWords): Promise<string | undefined> {
  const query = db.selectFrom('neutron_security_group_rules').select('id')
  return (await query.where('security_group_id', '=', groupId).where('meaning', '=', meaningOf(words)).executeTakeFirst())?.id
}

/** The rules of each of these groups, by group; groups without rules are absent. One query. */
export async function rulesOfGroups(db: Db, groupIds: readonly string[]): Promise<Map<string, SecurityGroupRuleRow[]>> {
  if (groupIds.length === 0) return new Map()
  const rows = await rules(db)
    .where('security_group_id', 'in', [...groupIds])
    .orderBy('id')
    .execute()
  return Map.groupBy(rows, (row) => row.security_group_id)
}

/** Deletes a rule; false when somebody else was faster. */
export async function deleteRuleRow(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('neutron_security_group_rules').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}

/** Deletes the rules that are of this group, or that speak of it. Returns how many went, by project. */
export async function deleteRulesAround(tx: Tx, groupId: string): Promise<Map<string, number>> {
  const around = () => (eb: ExpressionBuilder<Tables, 'neutron_security_group_rules'>) =>
    eb.or([eb('security_group_id', '=', groupId), eb('remote_group_id', '=', groupId)])
  const projects = await tx.selectFrom('neutron_security_group_rules').select('project_id').distinct().where(around()).execute()
  const gone = new Map<string, number>()
  for (const { project_id: projectId } of projects) {
    const query = tx.deleteFrom('neutron_security_group_rules').where('project_id', '=', projectId).where(around())
    gone.set(projectId, Number((await query.executeTakeFirst()).numDeletedRows))
  }
  return gone
}

/** Leaves in a list the rules that are the project's own, or in a group of its own. */
export const ofOwnGroups = (query: FilterQuery, projectId: string): FilterQuery =>
  query.where((eb: any) =>
    eb.or([
      eb('neutron_security_group_rules.project_id', '=', projectId),
      eb(
        'security_group_id',
        'in',
        eb.selectFrom('neutron_security_groups as own').select('own.id').where('own.project_id', '=', projectId),
      ),
    ]),
  )
