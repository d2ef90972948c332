import { Type, type Static } from 'typebox'
import { FlagInput, owner, ShortText } from '../values.ts'

const fields = {
  name: Type.Optional(ShortText),
  description: Type.Optional(ShortText),
  stateful: Type.Optional(FlagInput),
}
const NewGroup = Type.Object({ ...fields, ...owner }, { additionalProperties: false })
export type NewGroupBody = Static<typeof NewGroup>

export const CreateGroups = Type.Object(
  { security_group: Type.Optional(NewGroup), security_groups: Type.Optional(Type.Array(NewGroup)) },
  { additionalProperties: false },
)
export const UpdateGroup = Type.Object(
  { security_group: Type.Object(fields, { additionalProperties: false }) },
  { additionalProperties: false },
)
