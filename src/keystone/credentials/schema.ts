import { Type } from 'typebox'
import { is, partly } from '../attributes.ts'
import { page, text } from '../lists.ts'

const fields = { user_id: is.id, project_id: is.idOrNull, type: Type.String({ minLength: 1, maxLength: 255 }), blob: is.text }

export const CredentialFields = partly(fields)
export const CreateCredential = Type.Object({
  credential: Type.Object({ ...CredentialFields.properties, user_id: fields.user_id, type: fields.type, blob: fields.blob }),
})
export const UpdateCredential = Type.Object({ credential: CredentialFields })
export const CredentialQuery = Type.Object({ ...page, user_id: text, type: text })
