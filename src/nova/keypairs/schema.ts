import { Type } from 'typebox'
import { Digits, inEnvelope, Name } from '../schema-types.ts'

const fields = {
  name: Name,
  type: Type.Optional(Type.Enum(['ssh', 'x509'], { since: '2.2' })),
  user_id: Type.Optional(Type.String({ minLength: 1, maxLength: 255, since: '2.10' })),
}

/** Until 2.91 nova makes a key for those who bring none. */
export const CreateKeypair = inEnvelope(
  'keypair',
  Type.Object({ ...fields, public_key: Type.Optional(Type.String()) }, { additionalProperties: false }),
)
export const ImportKeypair = inEnvelope('keypair', Type.Object({ ...fields, public_key: Type.String() }, { additionalProperties: false }))

const user_id = Type.Optional(Type.String({ minLength: 1, maxLength: 255 }))

export const KeypairList = Type.Object({
  user_id,
  limit: Type.Optional(Digits),
  marker: Type.Optional(Type.String({ maxLength: 255 })),
})
export const KeypairOwner = Type.Object({ user_id })
