import { Type } from 'typebox'

export const AddMember = Type.Object({ member: Type.String({ maxLength: 255 }) }, { additionalProperties: true })

export const ChangeMember = Type.Object(
  { status: Type.Unsafe<'pending' | 'accepted' | 'rejected'>({ type: 'string', enum: ['pending', 'accepted', 'rejected'] }) },
  { additionalProperties: true },
)
