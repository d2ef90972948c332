import { notFound } from '../../kernel/errors.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import '../routing-tables.ts'

export { defaultGroup } from './default-group.ts'

/** A group as a port or a server names it. */
export interface GroupName {
  readonly id: string
  readonly name: string
}

/**
 * Makes these groups, and no others, guard the port; none is allowed. With `projectId` only groups of that project
 * count as existing. Refuses with SecurityGroupNotFound. A group that guards a port can't be deleted.
 */
export async function bindGroups(
  _ctx: Context,
  tx: Tx,
  binding: { portId: string; groupIds: readonly string[]; projectId?: string },
): Promise<void> {
  const groupIds = [...new Set(binding.groupIds)]
  await assertGroups(tx, { groupIds, ...(binding.projectId !== undefined && { projectId: binding.projectId }) })
  await tx.deleteFrom('neutron_port_security_groups').where('port_id', '=', binding.portId).execute()
  if (groupIds.length === 0) return
  const rows = groupIds.map((groupId) => ({ port_id: binding.portId, security_group_id: groupId }))
  await tx.insertInto('neutron_port_security_groups').values(rows).execute()
}

/** Refuses with SecurityGroupNotFound unless all these groups exist (and, with `projectId`, are that project's). */
export async function assertGroups(db: Db, { groupIds, projectId }: { groupIds: readonly string[]; projectId?: string }): Promise<void> {
  if (groupIds.length === 0) return
  let query = db
    .selectFrom('neutron_security_groups')
    .select('id')
    .where('id', 'in', [...groupIds])
  if (projectId !== undefined) query = query.where('project_id', '=', projectId)
  const found = new Set((await query.execute()).map((row) => row.id))
  const missing = groupIds.filter((id) => !found.has(id))
  if (missing.length > 0) throw notFound(`Security group ${missing.join(', ')} does not exist`, { type: 'SecurityGroupNotFound' })
}

/** The groups that guard each of these ports, by port; ports without groups are absent. One query. */
export async function groupsOfPorts(db: Db, portIds: readonly string[]): Promise<Map<string, GroupName[]>> {
  const groups = new Map<string, GroupName[]>()
  if (portIds.length === 0) return groups
  const rows = await db
    .selectFrom('neutron_port_security_groups as binding')
    .innerJoin('neutron_security_groups as security_group', 'security_group.id', 'binding.security_group_id')
    .select(['binding.port_id', 'security_group.id', 'security_group.name'])
    .where('binding.port_id', 'in', [...portIds])
    .orderBy('security_group.id')
    .execute()
  for (const { port_id: portId, ...group } of rows) groups.set(portId, [...(groups.get(portId) ?? []), group])
  return groups
}
