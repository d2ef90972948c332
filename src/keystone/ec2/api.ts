import { Type } from 'typebox'
import { enforce } from '../../cloud/policy.ts'
import { route } from '../../cloud/service.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { assertUnrestricted } from '../application-credentials/create.ts'
import { is } from '../attributes.ts'
import { ec2IdOf, madeWith } from '../credentials/ec2-id.ts'
import { credentialById, deleteCredential, insertCredential, listCredentials } from '../credentials/store.ts'
import { selfLink } from '../lists.ts'
import { projectRow } from '../projects/store.ts'
import { found } from '../refusals.ts'
import { userById } from '../users/store.ts'
import { ec2View, type Ec2Secret } from './view.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { CredentialRow } from '../tables.ts'

const CreateEc2 = Type.Object({ tenant_id: is.id })

/** The user's credential of this access key, if the rule allows it. */
async function allowed(
  ctx: CloudContext,
  db: Db,
  rule: string,
  { userId, access }: { userId: string; access: string },
): Promise<CredentialRow> {
  enforce(ctx, rule, { user_id: userId })
  const id = ec2IdOf(access)
  const row = await credentialById(db, id)
  return found(row?.type === 'ec2' && row.user_id === userId ? row : undefined, 'credential', id)
}

/** EC2 credentials as their users see them; they are kept among all credentials. */
export const ec2Credentials = [
  route('GET /v3/users/:user_id/credentials/OS-EC2', {
    rule: 'identity:ec2_list_credentials',
    run: async (ctx, db, { params: { user_id } }) => {
      enforce(ctx, 'identity:ec2_list_credentials', { user_id })
      found(await userById(db, user_id), 'user', user_id)
      const rows = await listCredentials(db, { user_id, type: 'ec2' })
      return ok({ credentials: rows.map(ec2View(ctx)), links: { next: null, self: selfLink(ctx), previous: null } })
    },
  }),
  route('POST /v3/users/:user_id/credentials/OS-EC2', {
    rule: 'identity:ec2_create_credential',
    body: CreateEc2,
    run: async (ctx, tx, { params: { user_id }, body: { tenant_id } }) => {
      enforce(ctx, 'identity:ec2_create_credential', { user_id })
      assertUnrestricted(ctx)
      found(await userById(tx, user_id), 'user', user_id)
      found(await projectRow(tx, tenant_id), 'project', tenant_id)
      const secret: Ec2Secret = { access: ctx.ids.hex(), secret: ctx.ids.hex(), trust_id: null, ...madeWith(ctx.subject) }
      const id = ec2IdOf(secret.access)
      await insertCredential(ctx, tx, { id, userId: user_id, projectId: tenant_id, type: 'ec2', blob: JSON.stringify(secret) })
      return created({ credential: ec2View(ctx)((await credentialById(tx, id))!) })
    },
  }),
  route('GET /v3/users/:user_id/credentials/OS-EC2/:credential_id', {
    rule: 'identity:ec2_get_credential',
    run: async (ctx, db, { params: { user_id, credential_id } }) => {
      const row = await allowed(ctx, db, 'identity:ec2_get_credential', { userId: user_id, access: credential_id })
      return ok({ credential: ec2View(ctx)(row) })
    },
  }),
  route('DELETE /v3/users/:user_id/credentials/OS-EC2/:credential_id', {
    rule: 'identity:ec2_delete_credential',
    run: async (ctx, tx, { params: { user_id, credential_id } }) => {
      const row = await allowed(ctx, tx, 'identity:ec2_delete_credential', { userId: user_id, access: credential_id })
      await deleteCredential(tx, row.id)
      return noContent()
    },
  }),
]
