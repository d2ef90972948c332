import { json, type Db, type Tx } from '../../kernel/sql/tables.ts'
import type { Context } from '../../kernel/context.ts'
import type { ServerGroupRow } from '../tables.ts'

export type GroupPolicy = 'affinity' | 'anti-affinity' | 'soft-affinity' | 'soft-anti-affinity'

/** Servers that shall be together, or apart. */
export interface ServerGroup {
  readonly number: number
  readonly id: string
  readonly projectId: string
  readonly userId: string
  readonly name: string
  readonly policy: GroupPolicy
  /** How many members a host may have; 1 unless told otherwise. Means something with anti-affinity only. */
  readonly maxPerHost: number | undefined
  /** Ids of servers. */
  readonly members: readonly string[]
}

const groupOf = (row: ServerGroupRow, members: readonly string[]): ServerGroup => ({
  number: Number(row.number),
  id: row.id,
  projectId: row.project_id,
  userId: row.user_id,
  name: row.name,
  policy: row.policy as GroupPolicy,
  maxPerHost: row.rules_json['max_server_per_host'],
  members,
})

async function withMembers(db: Db, rows: readonly ServerGroupRow[]): Promise<ServerGroup[]> {
  if (rows.length === 0) return []
  const found = await db
    .selectFrom('nova_server_group_members')
    .selectAll()
    .where(
      'group_id',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('server_id')
    .execute()
  const members = Map.groupBy(found, (member) => member.group_id)
  return rows.map((row) =>
    groupOf(
      row,
      (members.get(row.id) ?? []).map((member) => member.server_id),
    ),
  )
}

/** A group by its id, whoever asks. */
export async function groupById(db: Db, id: string): Promise<ServerGroup | undefined> {
  return (await withMembers(db, await db.selectFrom('nova_server_groups').selectAll().where('id', '=', id).execute()))[0]
}

/** The group that a server is in. */
export async function groupOfServer(db: Db, serverId: string): Promise<ServerGroup | undefined> {
  const member = await db.selectFrom('nova_server_group_members').select('group_id').where('server_id', '=', serverId).executeTakeFirst()
  return member && groupById(db, member.group_id)
}

/** Groups in the order in which they came; undefined means those of all projects. */
export async function listGroups(
  db: Db,
  projectId: string | undefined,
  { limit, offset }: { limit: number; offset: number },
): Promise<ServerGroup[]> {
  let query = db.selectFrom('nova_server_groups').selectAll().orderBy('number').limit(limit).offset(offset)
  if (projectId !== undefined) query = query.where('project_id', '=', projectId)
  return withMembers(db, await query.execute())
}

export type NewGroup = Omit<ServerGroup, 'number' | 'members'>

export async function insertGroup(ctx: Context, tx: Tx, group: NewGroup): Promise<void> {
  const rules = group.maxPerHost === undefined ? {} : { max_server_per_host: group.maxPerHost }
  await tx
    .insertInto('nova_server_groups')
    .values({
      id: group.id,
      project_id: group.projectId,
      user_id: group.userId,
      name: group.name,
      policy: group.policy,
      rules_json: json(rules),
      created_at: ctx.dialect.now(),
    })
    .execute()
}

/** Removes a group; its servers stay, in no group. False: someone else was first. */
export async function deleteGroup(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('nova_server_groups').where('id', '=', id).executeTakeFirst()
  await tx.deleteFrom('nova_server_group_members').where('group_id', '=', id).execute()
  return Number(numDeletedRows) === 1
}

/** Puts a server into a group. False: it is in one. */
export const joinGroup = (ctx: Context, tx: Tx, groupId: string, serverId: string): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'nova_server_group_members', { server_id: serverId, group_id: groupId })

/** Takes a server out of its group; harmless when it is in none. */
export async function leaveGroup(tx: Tx, serverId: string): Promise<void> {
  await tx.deleteFrom('nova_server_group_members').where('server_id', '=', serverId).execute()
}

/**
 * Lets this transaction choose a host for a member alone: others wait for its end, or are undone (on a cluster) and look again. Only what is
 * read after it counts: while one waited, the group may have got members, and they hosts.
 */
export async function takeTurn(tx: Tx, groupId: string): Promise<void> {
  await tx
    .updateTable('nova_server_groups')
    .set((eb) => ({ turn: eb('turn', '+', 1) }))
    .where('id', '=', groupId)
    .execute()
}
