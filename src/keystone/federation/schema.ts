import { Type, type TObject } from 'typebox'
import { is } from '../attributes.ts'

const strict = { additionalProperties: false }
const text = Type.String({ minLength: 1, maxLength: 255 })
const textOrNull = Type.Union([Type.String({ maxLength: 255 }), Type.Null()])
const url = Type.String({ minLength: 1, maxLength: 256, pattern: '^[a-zA-Z][\\w+.-]*://' })

const provider = {
  description: is.textOrNull,
  enabled: is.flag,
  remote_ids: Type.Union([Type.Array(text, { maxItems: 1000, uniqueItems: true }), Type.Null()]),
  authorization_ttl: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
}

// What rules say is for whoever reads assertions; their form is checked here.
const rule = Type.Object(
  {
    local: Type.Array(Type.Object({})),
    remote: Type.Array(Type.Object({ type: text }), { minItems: 1 }),
  },
  strict,
)

/** The fields of each kind: those of a creation, and those that may change. */
export const identityProvider = {
  create: Type.Partial(Type.Object({ ...provider, domain_id: is.idOrNull }), strict),
  update: Type.Partial(Type.Object(provider), strict),
}
const mappingFields = { rules: Type.Array(rule, { minItems: 1, maxItems: 1000 }) }
export const mapping = {
  create: Type.Object({ ...mappingFields, schema_version: Type.Optional(Type.String({ maxLength: 5 })) }, strict),
  update: Type.Object({ ...mappingFields, schema_version: Type.Optional(Type.String({ maxLength: 5 })) }, strict),
}
export const protocol = {
  create: Type.Object({ mapping_id: is.id, remote_id_attribute: Type.Optional(textOrNull) }, strict),
  update: Type.Partial(Type.Object({ mapping_id: is.id, remote_id_attribute: textOrNull }), strict),
}
const sp = { description: is.textOrNull, enabled: is.flag, auth_url: url, sp_url: url, relay_state_prefix: textOrNull }
export const serviceProvider = {
  create: Type.Object({ ...Type.Partial(Type.Object(sp)).properties, auth_url: url, sp_url: url }, strict),
  update: Type.Partial(Type.Object(sp), strict),
}

/** A body that holds one of these by its name. */
export const bodyOf = <N extends string, T extends TObject>(name: N, fields: T) => Type.Object({ [name]: fields } as Record<N, T>)
