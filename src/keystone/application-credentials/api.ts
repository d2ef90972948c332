import { enforce, notAuthorized } from '../../cloud/policy.ts'
import { route } from '../../cloud/service.ts'
import { forbidden } from '../../kernel/errors.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { collection } from '../lists.ts'
import { changed } from '../memory.ts'
import { hashPassword } from '../passwords/hash.ts'
import { found } from '../refusals.ts'
import { assertUnrestricted, createApplicationCredential } from './create.ts'
import { ApplicationCredentialQuery, CreateApplicationCredential } from './schema.ts'
import { applicationCredentialById, deleteApplicationCredentials, listApplicationCredentials, powersOf } from './store.ts'
import { applicationCredentialView } from './view.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { ApplicationCredentialRow } from '../tables.ts'

const secretBytes = 64

/** The credential, if it is this user's and the rule allows it. */
async function allowed(
  ctx: CloudContext,
  db: Db,
  rule: string,
  { user_id, application_credential_id: id }: { user_id: string; application_credential_id: string },
): Promise<ApplicationCredentialRow> {
  enforce(ctx, rule, { user_id })
  const row = await applicationCredentialById(db, id)
  return found(row?.user_id === user_id ? row : undefined, 'Application Credential', id)
}

export const applicationCredentials = [
  route('GET /v3/users/:user_id/application_credentials', {
    rule: 'identity:list_application_credentials',
    query: ApplicationCredentialQuery,
    run: async (ctx, db, { params: { user_id }, query }) => {
      enforce(ctx, 'identity:list_application_credentials', { user_id })
      const rows = await listApplicationCredentials(db, { ...query, user_id })
      const powers = await powersOf(
        db,
        rows.map((row) => row.id),
      )
      return ok(collection(ctx, 'application_credentials', rows, applicationCredentialView(ctx, powers), query.limit))
    },
  }),
  route('POST /v3/users/:user_id/application_credentials', {
    rule: 'identity:create_application_credential',
    body: CreateApplicationCredential,
    prepare: async (ctx, { body }) => {
      const secret = body.application_credential.secret ?? ctx.ids.bytes(secretBytes).toString('base64url')
      return { secret, secretHash: await hashPassword(ctx.ids, secret) }
    },
    run: async (ctx, tx, { params: { user_id }, body, prepared: { secret, secretHash } }) => {
      enforce(ctx, 'identity:create_application_credential', { user_id })
      if (ctx.subject.userId !== user_id) throw forbidden(notAuthorized('Cannot create an application credential for another user'))
      assertUnrestricted(ctx)
      const row = await createApplicationCredential(ctx, tx, { request: body.application_credential, secretHash })
      const view = applicationCredentialView(ctx, await powersOf(tx, [row.id]))(row)
      return created({ application_credential: { ...view, secret } })
    },
  }),
  route('GET /v3/users/:user_id/application_credentials/:application_credential_id', {
    rule: 'identity:get_application_credential',
    run: async (ctx, db, { params }) => {
      const row = await allowed(ctx, db, 'identity:get_application_credential', params)
      return ok({ application_credential: applicationCredentialView(ctx, await powersOf(db, [row.id]))(row) })
    },
  }),
  route('DELETE /v3/users/:user_id/application_credentials/:application_credential_id', {
    rule: 'identity:delete_application_credential',
    run: async (ctx, tx, { params }) => {
      const row = await allowed(ctx, tx, 'identity:delete_application_credential', params)
      assertUnrestricted(ctx)
      await deleteApplicationCredentials(tx, 'credential', [row.id])
      changed(ctx, tx)
      return noContent()
    },
  }),
]
