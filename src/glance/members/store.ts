import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { MemberRow, MemberStatus } from '../tables.ts'

export async function isMember(db: Db, imageId: string, projectId: string): Promise<boolean> {
  return (await memberOf(db, imageId, projectId)) !== undefined
}

export const memberOf = async (db: Db, imageId: string, memberId: string): Promise<MemberRow | undefined> =>
  db.selectFrom('glance_members').selectAll().where('image_id', '=', imageId).where('member_id', '=', memberId).executeTakeFirst()

export const membersOf = async (db: Db, imageId: string): Promise<MemberRow[]> =>
  db.selectFrom('glance_members').selectAll().where('image_id', '=', imageId).orderBy('created_at').orderBy('member_id').execute()

/** False when the project is a member already. */
export async function insertMember(ctx: Context, tx: Tx, imageId: string, memberId: string): Promise<boolean> {
  const now = ctx.dialect.now()
  return ctx.dialect.insertIfAbsent(tx, 'glance_members', {
    image_id: imageId,
    member_id: memberId,
    status: 'pending',
    created_at: now,
    updated_at: now,
  })
}

export async function setMemberStatus(ctx: Context, tx: Tx, member: MemberRow, status: MemberStatus): Promise<void> {
  await tx
    .updateTable('glance_members')
    .set({ status, updated_at: ctx.dialect.now() })
    .where('image_id', '=', member.image_id)
    .where('member_id', '=', member.member_id)
    .execute()
}

export async function deleteMember(tx: Tx, member: MemberRow): Promise<void> {
  await tx.deleteFrom('glance_members').where('image_id', '=', member.image_id).where('member_id', '=', member.member_id).execute()
}
