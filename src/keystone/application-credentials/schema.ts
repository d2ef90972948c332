import { Type } from 'typebox'
import { is } from '../attributes.ts'
import { page, text } from '../lists.ts'
import { RoleRef } from '../roles/refs.ts'

// A rule is named by its id, or spelled out.
const accessRule = Type.Object(
  {
    id: Type.Optional(is.id),
    path: Type.Optional(Type.String({ maxLength: 225, pattern: '^/' })),
    service: Type.Optional(Type.String({ minLength: 1, maxLength: 64, pattern: '^[a-zA-Z0-9-]+$' })),
    method: Type.Optional(Type.Enum(['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'])),
  },
  { additionalProperties: false },
)

export const CreateApplicationCredential = Type.Object({
  application_credential: Type.Object({
    name: is.name(255),
    description: Type.Optional(is.textOrNull),
    secret: Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 1024 }), Type.Null()])),
    expires_at: Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Null()])),
    roles: Type.Optional(Type.Array(RoleRef, { maxItems: 100 })),
    unrestricted: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
    access_rules: Type.Optional(Type.Array(accessRule, { maxItems: 100 })),
  }),
})
export type ApplicationCredentialRequest = Type.Static<typeof CreateApplicationCredential>['application_credential']
export type AccessRuleRequest = Type.Static<typeof accessRule>

export const ApplicationCredentialQuery = Type.Object({ ...page, name: text })
