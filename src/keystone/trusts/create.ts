import { notAuthorized } from '../../cloud/policy.ts'
import { forbidden, invalid } from '../../kernel/errors.ts'
import { extraOf } from '../attributes.ts'
import { blame } from '../fault.ts'
import { futureMoment } from '../moments.ts'
import { projectRow } from '../projects/store.ts'
import { couldNotFind, found } from '../refusals.ts'
import { idsOfRoles } from '../roles/refs.ts'
import { rolesOn } from '../tokens/store.ts'
import { userById } from '../users/store.ts'
import { TrustFields, type TrustRequest } from './schema.ts'
import { insertTrust, rolesOfTrust, trustById } from './store.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { TrustRow } from '../tables.ts'

/** How often a trust may be handed on, one after the other. */
const maxRedelegations = 3

/** Makes a trust: with roles of the trustor, or, for who came by a trust himself, with what that one leaves him to hand on. */
export async function createTrust(ctx: CloudContext, tx: Tx, request: TrustRequest): Promise<string> {
  const { trustor_user_id, trustee_user_id, impersonation, project_id, roles = [] } = request
  if (roles.length === 0) throw forbidden(notAuthorized('At least one role should be specified'))
  found(await userById(tx, trustee_user_id), 'user', trustee_user_id)
  if (project_id) found(await projectRow(tx, project_id), 'project', project_id)
  const projectId = project_id ?? ''
  const roleIds = await idsOfRoles(tx, roles)
  const held = await rolesOn(tx, { userId: trustor_user_id, targetId: projectId })
  for (const id of roleIds) if (!held.some((role) => role.id === id)) throw couldNotFind('role', id)

  const parent = ctx.subject.trustId === undefined ? undefined : await trustById(tx, ctx.subject.trustId)
  if (ctx.subject.trustId !== undefined && !parent) throw couldNotFind('trust', ctx.subject.trustId)
  const wanted = {
    id: ctx.ids.hex(),
    ...{ trustor_user_id, trustee_user_id, impersonation, project_id: projectId },
    expires_at: typeof request.expires_at === 'string' ? futureMoment(request.expires_at, ctx.clock.now()) : null,
    remaining_uses: request.remaining_uses ?? null,
    redelegated_trust_id: parent?.id ?? null,
    redelegation_count: countOf(request, parent),
    extra: extraOf(request, TrustFields),
  }
  if (parent) await assertWithin(tx, parent, { ...wanted, roleIds })
  await insertTrust(tx, { ...wanted, expires_at: wanted.expires_at ?? parent?.expires_at ?? null }, roleIds)
  return wanted.id
}

/** How often the new trust may be handed on. keystone/trust/core.py */
function countOf({ allow_redelegation, redelegation_count: asked, remaining_uses }: TrustRequest, parent: TrustRow | undefined): number {
  if (!allow_redelegation || asked === 0) return 0
  if (asked && asked > maxRedelegations)
    throw forbidden(`Requested redelegation depth of ${asked} is greater than allowed ${maxRedelegations}`)
  if (remaining_uses !== undefined && remaining_uses !== null)
    throw invalid(`remaining_uses must not be set if redelegation is allowed ${blame}`)
  const left = parent && parent.redelegation_count - 1
  if (left !== undefined && asked && asked !== left)
    throw forbidden('Modifying "redelegation_count" upon redelegation is forbidden. Omitting this parameter is advised.')
  return left ?? asked ?? maxRedelegations
}

interface Wanted {
  readonly project_id: string
  readonly impersonation: boolean
  readonly expires_at: string | null
  readonly remaining_uses: number | null
  readonly roleIds: readonly string[]
}

/** Refuses a trust that would hand on more than the one that it is made from. */
async function assertWithin(db: Db, parent: TrustRow, wanted: Wanted): Promise<void> {
  if (parent.redelegation_count < 1)
    throw forbidden(`Remaining redelegation depth of ${parent.redelegation_count} out of allowed range of [0..${maxRedelegations}]`)
  if (wanted.remaining_uses !== null)
    throw forbidden(`Field "remaining_uses" is set to ${wanted.remaining_uses} while it must not be set in order to redelegate a trust`)
  if (parent.expires_at !== null && wanted.expires_at !== null && parent.expires_at < wanted.expires_at)
    throw forbidden('Requested expiration time is more than redelegated trust can provide')
  const handed = await rolesOfTrust(db, parent.id)
  if (wanted.project_id !== parent.project_id || wanted.roleIds.some((id) => !handed.some((role) => role.id === id)))
    throw forbidden('Some of requested roles are not in redelegated trust')
  if (wanted.impersonation && !parent.impersonation)
    throw forbidden(
      `Impersonation is not allowed because redelegated trust does not specify impersonation. Redelegated trust id: ${parent.id}`,
    )
}
