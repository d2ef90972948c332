import { Type } from 'typebox'

const id = Type.String({ minLength: 1, maxLength: 255 })

export const TotalUsages = Type.Object(
  {
    project_id: id,
    user_id: Type.Optional(id),
    consumer_type: Type.Optional(Type.String({ pattern: '^[A-Z0-9_]+$|^all$|^unknown$', minLength: 1, maxLength: 255, since: '1.38' })),
  },
  { additionalProperties: false },
)
export type TotalUsages = Type.Static<typeof TotalUsages>
