import { viewTime } from '../images/view.ts'
import type { MemberRow } from '../tables.ts'

export const viewMember = (member: MemberRow) => ({
  created_at: viewTime(member.created_at),
  image_id: member.image_id,
  member_id: member.member_id,
  schema: '/v2/schemas/member',
  status: member.status,
  updated_at: viewTime(member.updated_at),
})

export const viewMembers = (members: readonly MemberRow[]) => ({ members: members.map(viewMember), schema: '/v2/schemas/members' })
