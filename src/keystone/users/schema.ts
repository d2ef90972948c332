import { Type } from 'typebox'
import { is, partly } from '../attributes.ts'
import { byName, flag, page, text } from '../lists.ts'
import { UserOptions } from './options.ts'

const fields = {
  name: is.name(255),
  domain_id: is.id,
  enabled: is.flag,
  default_project_id: is.idOrNull,
  password: Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 4096 }),
  options: UserOptions,
}

/** What a user has by the API itself; anything else is kept beside it. */
export const UserFields = partly(fields)
export const CreateUser = Type.Object({ user: Type.Object({ ...UserFields.properties, name: fields.name }) })
export const UpdateUser = Type.Object({ user: UserFields })
export const ChangePassword = Type.Object({
  user: Type.Object({ original_password: Type.String({ maxLength: 4096 }), password: Type.String({ minLength: 1, maxLength: 4096 }) }),
})
export const UserQuery = Type.Object({ ...byName, ...page, domain_id: text, enabled: flag, password_expires_at: text })

export type CreateUserRequest = Type.Static<typeof CreateUser>['user']
export type UpdateUserRequest = Type.Static<typeof UpdateUser>['user']
