import { conflict, invalid, notFound } from '../../kernel/errors.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { chargeQuota } from '../quotas/charge.ts'
import { changeGroup } from '../security-groups/store.ts'
import { noGroup, visibleGroup } from '../security-groups/visible.ts'
import { meaningOf, type RuleWords } from './meaning.ts'
import { insertRule, ruleLike } from './store.ts'
import { readRule, type RuleBody } from './words.ts'

/** A rule as asked for, and the project that it shall count against. */
export interface WantedRule {
  readonly body: RuleBody
  readonly projectId: string
}

/** Adds rules to one group, all or none. Returns their ids in the same order. */
export async function createRules(ctx: CloudContext, tx: Tx, wanted: readonly WantedRule[]): Promise<string[]> {
  const { groupId, projectId } = sameForAll(wanted)
  const said = wanted.map(({ body }) => readRule(body))
  await assertGroups(ctx, tx, groupId, wanted, said)
  if (new Set(said.map(meaningOf)).size < said.length) {
    throw conflict('Duplicate Security Group Rule in POST.', { type: 'DuplicateSecurityGroupRuleInPost' })
  }
  const ids: string[] = []
  for (const [index, words] of said.entries()) {
    if (!(await changeGroup(ctx, tx, groupId))) throw noGroup(groupId)
    const description = wanted[index]!.body.description ?? ''
    ids.push((await insertRule(ctx, tx, { groupId, projectId, description, words })) ?? (await refuseDuplicate(tx, groupId, words)))
  }
  await chargeQuota(ctx, tx, { projectId, resource: 'security_group_rule', amount: wanted.length })
  return ids
}

function sameForAll(wanted: readonly WantedRule[]) {
  const groupIds = new Set(wanted.map(({ body }) => body.security_group_id))
  const projectIds = new Set(wanted.map(({ projectId }) => projectId))
  if (groupIds.size > 1)
    throw invalid('Only allowed to update rules for one security profile at a time', { type: 'SecurityGroupNotSingleGroupRules' })
  if (projectIds.size > 1) {
    throw invalid('Multiple tenant_ids in bulk security group rule create not allowed', { type: 'SecurityGroupRulesNotSingleTenant' })
  }
  return { groupId: [...groupIds][0]!, projectId: [...projectIds][0]! }
}

async function assertGroups(
  ctx: CloudContext,
  tx: Tx,
  groupId: string,
  wanted: readonly WantedRule[],
  said: readonly RuleWords[],
): Promise<void> {
  for (const { body } of wanted) {
    const addresses = body.remote_address_group_id
    if (addresses) throw notFound(`Address group ${addresses} could not be found.`, { type: 'AddressGroupNotFound' })
  }
  const remotes = said.flatMap((words) => words.remoteGroupId ?? [])
  for (const id of new Set([...remotes, groupId])) await visibleGroup(ctx, tx, id)
}

async function refuseDuplicate(tx: Tx, groupId: string, words: RuleWords): Promise<never> {
  const id = await ruleLike(tx, groupId, words)
  if (id) throw conflict(`Security group rule already exists. Rule id is ${id}.`, { type: 'SecurityGroupRuleExists' })
  throw Object.assign(new Error('a group or a like rule went meanwhile'), { code: '40001' })
}
