import { Type } from 'typebox'
import { is, partly } from '../attributes.ts'
import { byName, page, text } from '../lists.ts'

const fields = { name: is.name(64), domain_id: is.id, description: is.text }

export const GroupFields = partly(fields)
export const CreateGroup = Type.Object({ group: Type.Object({ ...GroupFields.properties, name: fields.name }) })
export const UpdateGroup = Type.Object({ group: GroupFields })
export const GroupQuery = Type.Object({ ...byName, ...page, domain_id: text })
