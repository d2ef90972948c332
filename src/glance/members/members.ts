import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import { conflict, forbidden, invalid, notFound, overLimit } from '../../kernel/errors.ts'
import { touchImage } from '../images/store.ts'
import { enforceImage, visibleImage, type VisibleImage } from '../images/visible.ts'
import { deleteMember, insertMember, memberOf, membersOf, setMemberStatus } from './store.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { MemberRow, MemberStatus } from '../tables.ts'

const maxMembers = 128

interface Named {
  readonly imageId: string
  readonly memberId: string
}

/** With whom an image is shared: the owner sees all, a member only itself. */
export async function listMembers(ctx: CloudContext, db: Db, imageId: string): Promise<MemberRow[]> {
  const shared = await sharedImage(ctx, db, 'get_members', imageId)
  return (await membersOf(db, imageId)).filter((member) => ownsImage(ctx, shared) || member.member_id === projectOf(ctx))
}

export async function showMember(ctx: CloudContext, db: Db, { imageId, memberId }: Named): Promise<MemberRow> {
  const { member } = await sharedMember(ctx, db, 'get_member', { imageId, memberId })
  return member
}

/** Shares an image; the project sees it in its lists once it accepts. Refuses a second time with `conflict`. */
export async function addMember(ctx: CloudContext, tx: Tx, { imageId, memberId }: Named): Promise<MemberRow> {
  if (memberId === '') throw invalid("Member can't be empty")
  const { image } = await sharedImage(ctx, tx, 'add_member', imageId)
  // Members are added one after the other, so that the limit holds.
  await touchImage(ctx, tx, image)
  if (!(await insertMember(ctx, tx, imageId, memberId))) throw conflict(`Member ${memberId} is duplicated for image ${imageId}`)
  const members = await membersOf(tx, imageId)
  if (members.length > maxMembers) {
    const limit = `The limit has been exceeded on the number of allowed image members for this image. Attempted: ${members.length}, Maximum: ${maxMembers}`
    throw overLimit(`Image member limit exceeded for image ${imageId}: ${limit}:`)
  }
  return members.find((member) => member.member_id === memberId)!
}

/** The project itself accepts or rejects what is shared with it; the owner can't do that for it. */
export async function changeMember(
  ctx: CloudContext,
  tx: Tx,
  { imageId, memberId, status }: Named & { status: MemberStatus },
): Promise<MemberRow> {
  const { member } = await sharedMember(ctx, tx, 'modify_member', { imageId, memberId })
  await setMemberStatus(ctx, tx, member, status)
  return (await memberOf(tx, imageId, memberId))!
}

export async function removeMember(ctx: CloudContext, tx: Tx, { imageId, memberId }: Named): Promise<void> {
  const { member } = await sharedMember(ctx, tx, 'delete_member', { imageId, memberId })
  await deleteMember(tx, member)
}

async function sharedImage(ctx: CloudContext, db: Db, rule: string, imageId: string): Promise<VisibleImage> {
  const visible = await visibleImage(ctx, db, imageId, `Image ${imageId} not found.`)
  if (visible.image.visibility !== 'shared') throw forbidden(`Only shared images have members.`)
  enforceImage(ctx, rule, visible.target)
  return visible
}

async function sharedMember(
  ctx: CloudContext,
  db: Db,
  rule: string,
  { imageId, memberId }: Named,
): Promise<VisibleImage & { member: MemberRow }> {
  const shared = await sharedImage(ctx, db, rule, imageId)
  const mayKnow = ownsImage(ctx, shared) || memberId === projectOf(ctx)
  const member = mayKnow ? await memberOf(db, imageId, memberId) : undefined
  if (!member) throw notFound(`${memberId} not found in the member list of the image ${imageId}.`)
  return { ...shared, member }
}

const ownsImage = (ctx: CloudContext, { image }: VisibleImage): boolean =>
  isAdmin(ctx.subject) || (image.owner !== null && image.owner === projectOf(ctx))
