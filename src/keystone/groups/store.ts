import '../tables.ts'
import { equalTo, named, paged, type NameFilters, type Page } from '../lists.ts'
import { json, type Db, type Tx } from '../../kernel/sql/tables.ts'
import { expiringWithin, type ExpiryFilter } from '../users/expiry-filter.ts'
import type { Context } from '../../kernel/context.ts'
import type { GroupRow, UserRow } from '../tables.ts'

export const groupById = (db: Db, id: string): Promise<GroupRow | undefined> =>
  db.selectFrom('keystone_groups').selectAll().where('id', '=', id).executeTakeFirst()

export interface GroupFilters extends NameFilters, Page {
  readonly domain_id?: string
}

export const listGroups = (db: Db, { domain_id, ...rest }: GroupFilters): Promise<GroupRow[]> =>
  paged(named(equalTo(db.selectFrom('keystone_groups').selectAll(), { domain_id }), rest), rest).execute()

export interface NewGroup {
  readonly id: string
  readonly domainId: string
  readonly name: string
  readonly description?: string
  readonly extra?: object
}

/** False: the name is taken in its domain. */
export const insertGroup = (ctx: Context, tx: Tx, group: NewGroup): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'keystone_groups', {
    id: group.id,
    domain_id: group.domainId,
    name: group.name,
    description: group.description ?? '',
    extra_json: json(group.extra ?? {}),
  })

export interface GroupChange {
  readonly name?: string
  readonly description?: string
  readonly extra_json?: string
}

export async function updateGroup(tx: Tx, id: string, change: GroupChange): Promise<void> {
  if (Object.keys(change).length > 0) await tx.updateTable('keystone_groups').set(change).where('id', '=', id).execute()
}

export async function groupByName(db: Db, { domainId, name }: { domainId: string; name: string }): Promise<GroupRow | undefined> {
  return db.selectFrom('keystone_groups').selectAll().where('domain_id', '=', domainId).where('name', '=', name).executeTakeFirst()
}

/** Removes groups with their memberships and assignments. */
export async function deleteGroups(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.deleteFrom('keystone_memberships').where('group_id', 'in', ids).execute()
  await tx.deleteFrom('keystone_assignments').where('actor_id', 'in', ids).execute()
  await tx.deleteFrom('keystone_groups').where('id', 'in', ids).execute()
}

export async function groupIdsOf(db: Db, domainId: string): Promise<string[]> {
  return (await db.selectFrom('keystone_groups').select('id').where('domain_id', '=', domainId).execute()).map((row) => row.id)
}

export const addMember = (ctx: Context, tx: Tx, { groupId, userId }: { groupId: string; userId: string }): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'keystone_memberships', { group_id: groupId, user_id: userId })

/** False: the user was no member. */
export async function removeMember(tx: Tx, { groupId, userId }: { groupId: string; userId: string }): Promise<boolean> {
  const result = await tx
    .deleteFrom('keystone_memberships')
    .where('group_id', '=', groupId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return Number(result.numDeletedRows) === 1
}

export async function isMember(db: Db, { groupId, userId }: { groupId: string; userId: string }): Promise<boolean> {
  const row = await db
    .selectFrom('keystone_memberships')
    .select('user_id')
    .where('group_id', '=', groupId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row !== undefined
}

export const groupsOfUser = (db: Db, userId: string, filters: NameFilters): Promise<GroupRow[]> =>
  named(
    db
      .selectFrom('keystone_memberships as m')
      .innerJoin('keystone_groups as g', 'g.id', 'm.group_id')
      .selectAll('g')
      .where('m.user_id', '=', userId),
    filters,
  )
    .orderBy('g.id')
    .execute()

export const usersOfGroup = (
  db: Db,
  groupId: string,
  { expiry, ...filters }: NameFilters & { readonly expiry?: ExpiryFilter | undefined },
): Promise<UserRow[]> =>
  named(
    expiringWithin(
      db
        .selectFrom('keystone_memberships as m')
        .innerJoin('keystone_users as u', 'u.id', 'm.user_id')
        .selectAll('u')
        .where('m.group_id', '=', groupId),
      expiry,
    ),
    filters,
  )
    .orderBy('u.id')
    .execute()

/** The members of many groups at once. */
export async function membersOf(db: Db, groupIds: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  const members = new Map<string, string[]>(groupIds.map((id) => [id, []]))
  if (groupIds.length === 0) return members
  const rows = await db.selectFrom('keystone_memberships').selectAll().where('group_id', 'in', groupIds).orderBy('user_id').execute()
  for (const row of rows) members.get(row.group_id)!.push(row.user_id)
  return members
}
