import { Type } from 'typebox'
import { is, partly } from '../attributes.ts'
import { byName, page, text } from '../lists.ts'

const fields = {
  type: Type.String({ minLength: 1, maxLength: 255 }),
  name: Type.String({ minLength: 1, maxLength: 255 }),
  description: is.textOrNull,
  enabled: is.flag,
}

export const ServiceFields = partly(fields)
export const CreateService = Type.Object({ service: Type.Object({ ...ServiceFields.properties, type: fields.type }) })
export const UpdateService = Type.Object({ service: ServiceFields })
export const ServiceQuery = Type.Object({ ...byName, ...page, type: text })
