import { Type } from 'typebox'
import { is } from '../attributes.ts'
import { page, text } from '../lists.ts'

const amount = Type.Integer({ minimum: -1, maximum: 2_147_483_647 })
const regionId = Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 255 })
const strict = { additionalProperties: false }

const registered = {
  service_id: is.id,
  region_id: Type.Optional(regionId),
  resource_name: Type.String({ minLength: 1, maxLength: 255 }),
  default_limit: amount,
  description: Type.Optional(is.textOrNull),
}
export const CreateRegisteredLimits = Type.Object({
  registered_limits: Type.Array(Type.Object(registered, strict), { minItems: 1, maxItems: 500 }),
})
export const UpdateRegisteredLimit = Type.Object({ registered_limit: Type.Partial(Type.Object(registered), strict) })

const limit = {
  project_id: Type.Optional(is.idOrNull),
  domain_id: Type.Optional(is.idOrNull),
  service_id: is.id,
  region_id: Type.Optional(regionId),
  resource_name: Type.String({ minLength: 1, maxLength: 64 }),
  resource_limit: amount,
  description: Type.Optional(is.textOrNull),
}
export const CreateLimits = Type.Object({ limits: Type.Array(Type.Object(limit, strict), { minItems: 1, maxItems: 500 }) })
export const UpdateLimit = Type.Object({
  limit: Type.Object({ resource_limit: Type.Optional(amount), description: Type.Optional(is.textOrNull) }, strict),
})

const which = { ...page, service_id: text, region_id: text, resource_name: text }
export const RegisteredLimitQuery = Type.Object(which)
export const LimitQuery = Type.Object({ ...which, project_id: text, domain_id: text })
