import { notAuthorized } from '../../cloud/policy.ts'
import { forbidden, invalid, notFound } from '../../kernel/errors.ts'
import { accessRuleById, accessRuleLike } from '../access-rules/store.ts'
import { expecting } from '../fault.ts'
import { futureMoment } from '../moments.ts'
import { found, nameTaken } from '../refusals.ts'
import { idsOfRoles } from '../roles/refs.ts'
import { rolesOn } from '../tokens/store.ts'
import { insertApplicationCredential } from './store.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { ApplicationCredentialRow } from '../tables.ts'
import type { AccessRuleRequest, ApplicationCredentialRequest } from './schema.ts'

/** Makes a credential for the project of the asker's token, with some or all of the roles that he has there. */
export async function createApplicationCredential(
  ctx: CloudContext,
  tx: Tx,
  { request, secretHash }: { request: ApplicationCredentialRequest; secretHash: string },
): Promise<ApplicationCredentialRow> {
  const { userId, projectId, trustId } = ctx.subject
  // It would go on when the trust is over.
  if (trustId !== undefined) throw forbidden(notAuthorized('Using a trust is not allowed for managing application credentials'))
  if (!projectId) throw invalid(expecting('project_id', 'token'))
  const row = {
    id: ctx.ids.hex(),
    user_id: userId,
    project_id: projectId,
    name: request.name,
    secret_hash: secretHash,
    description: request.description ?? null,
    expires_at: typeof request.expires_at === 'string' ? futureMoment(request.expires_at, ctx.clock.now()) : null,
    unrestricted: request.unrestricted ?? false,
  }
  const roleIds = await chosenRoles(tx, { userId, projectId }, request.roles)
  const accessRuleIds: string[] = []
  for (const rule of request.access_rules ?? []) accessRuleIds.push(await accessRuleOf(ctx, tx, rule))
  if (!(await insertApplicationCredential(ctx, tx, row, { roleIds, accessRuleIds: [...new Set(accessRuleIds)] })))
    throw nameTaken('application_credential', { name: request.name, domainId: '' })
  return row
}

/** The ids of the roles that are asked for, or of all that the user has there; one that he has not can't be handed on. */
async function chosenRoles(
  db: Db,
  { userId, projectId }: { userId: string; projectId: string },
  wanted: ApplicationCredentialRequest['roles'],
): Promise<string[]> {
  const held = (await rolesOn(db, { userId, targetId: projectId })).map((role) => role.id)
  if (!wanted || wanted.length === 0) return held
  const ids = await idsOfRoles(db, wanted)
  for (const id of ids)
    if (!held.includes(id))
      throw notFound(`Could not find role assignment with role: ${id}, user or group: ${userId}, project, domain, or system: ${projectId}.`)
  return ids
}

async function accessRuleOf(ctx: CloudContext, tx: Tx, { id, service, path, method }: AccessRuleRequest): Promise<string> {
  const { userId } = ctx.subject
  if (id !== undefined) return found(await accessRuleById(tx, { userId, id }), 'Access Rule', id).id
  if (service === undefined || path === undefined || method === undefined)
    throw invalid(expecting('service, path and method', 'access_rules'))
  return accessRuleLike(ctx, tx, { user_id: userId, service, path, method })
}

/** Refuses who logged in by a restricted application credential, or by an access token of OAuth: he may not make himself other ways in, or give away what it can. */
export function assertUnrestricted({ subject }: CloudContext): void {
  if (subject.accessTokenId !== undefined)
    throw forbidden(notAuthorized("Using method 'oauth1' is not allowed for managing additional ways in"))
  if (subject.applicationCredential && !subject.applicationCredential.unrestricted)
    throw forbidden(notAuthorized("Using method 'application_credential' is not allowed for managing additional application credentials"))
}
