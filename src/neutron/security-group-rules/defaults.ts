import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { RuleWords } from './meaning.ts'
import { insertRule } from './store.ts'

const silent = { protocol: null, portRangeMin: null, portRangeMax: null, remoteIpPrefix: null, remoteGroupId: null }

/** What a new group says: everything may go out; in the group `default` its members may also talk to each other. */
function defaultWords(groupId: string, amongMembers: boolean): RuleWords[] {
  return (['IPv4', 'IPv6'] as const).flatMap((ethertype): RuleWords[] => [
    ...(amongMembers ? [{ ...silent, ethertype, direction: 'ingress' as const, remoteGroupId: groupId }] : []),
    { ...silent, ethertype, direction: 'egress' },
  ])
}

/** Gives a new group its first rules. Returns how many. */
export async function addDefaultRules(
  ctx: Context,
  tx: Tx,
  group: { groupId: string; projectId: string; amongMembers: boolean },
): Promise<number> {
  const all = defaultWords(group.groupId, group.amongMembers)
  for (const words of all) await insertRule(ctx, tx, { groupId: group.groupId, projectId: group.projectId, description: null, words })
  return all.length
}
