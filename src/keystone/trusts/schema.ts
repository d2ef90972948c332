import { Type } from 'typebox'
import { is, partly } from '../attributes.ts'
import { page, text } from '../lists.ts'
import { RoleRef } from '../roles/refs.ts'

const countOrNull = (minimum: number) => Type.Union([Type.Integer({ minimum }), Type.Null()])

const fields = {
  trustor_user_id: is.id,
  trustee_user_id: is.id,
  impersonation: is.flag,
  project_id: is.idOrNull,
  roles: Type.Array(RoleRef, { maxItems: 100 }),
  expires_at: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]),
  remaining_uses: countOrNull(1),
  allow_redelegation: Type.Union([Type.Boolean(), Type.Null()]),
  redelegation_count: countOrNull(0),
  redelegated_trust_id: is.idOrNull,
}

export const TrustFields = partly(fields)
const { trustor_user_id, trustee_user_id, impersonation } = fields
export const CreateTrust = Type.Object({
  trust: Type.Object({ ...TrustFields.properties, trustor_user_id, trustee_user_id, impersonation }),
})
export type TrustRequest = Type.Static<typeof CreateTrust>['trust']

export const TrustQuery = Type.Object({ ...page, trustor_user_id: text, trustee_user_id: text })
