import { Type } from 'typebox'
import { is, partly } from '../attributes.ts'
import { byName, page, text } from '../lists.ts'

const fields = { name: is.name(255), domain_id: is.idOrNull, description: is.textOrNull, options: is.immutable }

export const RoleFields = partly(fields)
export const CreateRole = Type.Object({ role: Type.Object({ ...RoleFields.properties, name: fields.name }) })
export const UpdateRole = Type.Object({ role: RoleFields })
export const RoleQuery = Type.Object({ ...byName, ...page, domain_id: text })
