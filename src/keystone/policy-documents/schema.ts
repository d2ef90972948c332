import { Type } from 'typebox'
import { partly } from '../attributes.ts'
import { page, text } from '../lists.ts'

const fields = {
  // What a policy says is between its writers and its readers: a text, or any JSON.
  blob: Type.Union([Type.String({ maxLength: 65_000 }), Type.Object({}), Type.Array(Type.Unknown())]),
  type: Type.String({ minLength: 1, maxLength: 255 }),
}

export const PolicyFields = partly(fields)
export const CreatePolicy = Type.Object({ policy: Type.Object(fields) })
export const UpdatePolicy = Type.Object({ policy: PolicyFields })
export const PolicyQuery = Type.Object({ ...page, type: text })
