import { Type } from 'typebox'

/** What an import asks for; stores are named for other clouds' sake, here there is one. */
export const ImportBody = Type.Object(
  {
    method: Type.Object({ name: Type.String() }, { additionalProperties: true }),
    stores: Type.Optional(Type.Array(Type.String())),
    all_stores: Type.Optional(Type.Boolean()),
    all_stores_must_succeed: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: true },
)
