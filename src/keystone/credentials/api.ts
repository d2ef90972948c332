import { notAuthorized } from '../../cloud/policy.ts'
import { route } from '../../cloud/service.ts'
import { forbidden, invalid } from '../../kernel/errors.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { assertUnrestricted } from '../application-credentials/create.ts'
import { mayRule } from '../assignments/powers.ts'
import { extraChange, extraOf, given } from '../attributes.ts'
import { collection } from '../lists.ts'
import { projectRow } from '../projects/store.ts'
import { found, stored } from '../refusals.ts'
import { userById } from '../users/store.ts'
import { ec2IdOf, madeWith } from './ec2-id.ts'
import { CreateCredential, CredentialFields, CredentialQuery, UpdateCredential } from './schema.ts'
import { credentialById, deleteCredential, insertCredential, listCredentials, updateCredential } from './store.ts'
import { credentialView } from './view.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { CredentialRow } from '../tables.ts'

type CredentialTarget = Pick<CredentialRow, 'user_id'> & Partial<Pick<CredentialRow, 'project_id'>>

/** Whether the rule allows it with this user's credentials: by nothing but his domain only to one who may rule him. */
async function allows(ctx: CloudContext, db: Db, rule: string, target: CredentialTarget): Promise<boolean> {
  if (ctx.policy.allows(ctx.subject, rule, target)) return true
  const domain_id = (await userById(db, target.user_id))?.domain_id
  return ctx.policy.allows(ctx.subject, rule, { ...target, domain_id }) && mayRule(ctx, db, { id: target.user_id, type: 'user' })
}

async function assertAllowed(ctx: CloudContext, db: Db, rule: string, target: CredentialTarget): Promise<void> {
  if (!(await allows(ctx, db, rule, target))) throw forbidden(notAuthorized(rule), { type: 'policy' })
}

async function allowedCredential(ctx: CloudContext, db: Db, rule: string, id: string): Promise<CredentialRow> {
  const row = await credentialById(db, id)
  await assertAllowed(ctx, db, rule, row ?? { user_id: '' })
  return found(row, 'credential', id)
}

export const credentials = [
  route('GET /v3/credentials', {
    rule: 'identity:list_credentials',
    query: CredentialQuery,
    run: async (ctx, db, { query }) => {
      // Who may not see everyone's sees his own, or those of the one whom he asks about.
      const wanted = query.user_id ?? ctx.subject.userId
      const seesAll = ctx.policy.allows(ctx.subject, 'identity:list_credentials', {})
      const userId = seesAll ? query.user_id : (await allows(ctx, db, 'identity:list_credentials', { user_id: wanted })) ? wanted : ''
      const rows = await listCredentials(db, { ...query, ...(userId !== undefined && { user_id: userId }) })
      return ok(collection(ctx, 'credentials', rows, credentialView(ctx), query.limit))
    },
  }),
  route('POST /v3/credentials', {
    rule: 'identity:create_credential',
    body: CreateCredential,
    run: async (ctx, tx, { body: { credential } }) => {
      await assertAllowed(ctx, tx, 'identity:create_credential', credential)
      found(await userById(tx, credential.user_id), 'user', credential.user_id)
      if (credential.project_id) found(await projectRow(tx, credential.project_id), 'project', credential.project_id)
      if (credential.type === 'ec2') assertUnrestricted(ctx)
      if (credential.type === 'ec2' && !credential.project_id) throw invalid('Expecting to find project_id in credential.')
      const id = credential.type === 'ec2' ? ec2Id(credential.blob) : ctx.ids.hex()
      const extra = extraOf(credential, CredentialFields)
      const { user_id: userId, project_id: projectId = null, type } = credential
      const blob = type === 'ec2' ? boundBlob(ctx, credential.blob) : credential.blob
      if (!(await insertCredential(ctx, tx, { id, userId, projectId, type, blob, extra })))
        throw stored('credential', `Duplicate entry found with ID ${id}.`)
      return created({ credential: credentialView(ctx)((await credentialById(tx, id))!) })
    },
  }),
  route('GET /v3/credentials/:credential_id', {
    rule: 'identity:get_credential',
    run: async (ctx, db, { params }) =>
      ok({ credential: credentialView(ctx)(await allowedCredential(ctx, db, 'identity:get_credential', params.credential_id)) }),
  }),
  route('PATCH /v3/credentials/:credential_id', {
    rule: 'identity:update_credential',
    body: UpdateCredential,
    run: async (ctx, tx, { params, body: { credential } }) => {
      const row = await allowedCredential(ctx, tx, 'identity:update_credential', params.credential_id)
      if (credential.user_id !== undefined) await assertAllowed(ctx, tx, 'identity:update_credential', { user_id: credential.user_id })
      if (row.type === 'ec2' && credential.blob !== undefined) assertBoundAlike(ctx.vault.open(row.sealed_blob).toString(), credential.blob)
      await updateCredential(tx, row.id, {
        ...given(credential, 'type', 'user_id', 'project_id'),
        ...(credential.blob !== undefined && { sealed_blob: ctx.vault.seal(credential.blob) }),
        ...extraChange(row.extra_json, credential, CredentialFields),
      })
      return ok({ credential: credentialView(ctx)((await credentialById(tx, row.id))!) })
    },
  }),
  route('DELETE /v3/credentials/:credential_id', {
    rule: 'identity:delete_credential',
    run: async (ctx, tx, { params }) => {
      const row = await allowedCredential(ctx, tx, 'identity:delete_credential', params.credential_id)
      await deleteCredential(tx, row.id)
      return noContent()
    },
  }),
]

/** What the blob of an EC2 credential says. keystone/api/credentials.py */
function fieldsOf(blob: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(blob) ?? {}) as Record<string, unknown>
  } catch {
    throw invalid('Invalid blob in credential')
  }
}

/** The blob with what its owner made it with. */
function boundBlob({ subject }: CloudContext, blob: string): string {
  const bound = madeWith(subject)
  return Object.keys(bound).length === 0 ? blob : JSON.stringify({ ...fieldsOf(blob), ...bound })
}

/** Refuses a blob that would free the credential of what it was made with. */
function assertBoundAlike(before: string, after: string): void {
  const [one, other] = [fieldsOf(before), fieldsOf(after)]
  for (const key of ['trust_id', 'app_cred_id', 'access_token_id', 'access_id'])
    if ((one[key] ?? null) !== (other[key] ?? null)) throw invalid(`${key} can not be updated for credential`)
}

/** The id of an EC2 credential, by its access key. */
function ec2Id(blob: string): string {
  const { access } = fieldsOf(blob)
  if (typeof access !== 'string') throw invalid('Invalid blob in credential')
  return ec2IdOf(access)
}
