import { invalid } from '../../kernel/errors.ts'
import { applicationCredentialById } from '../application-credentials/store.ts'
import { ec2IdOf } from '../credentials/ec2-id.ts'
import { credentialById } from '../credentials/store.ts'
import { accessTokenById } from '../oauth/store.ts'
import { authenticationFailed } from '../passwords/prove.ts'
import { couldNotFind } from '../refusals.ts'
import { aimOf } from '../tokens/aim.ts'
import { makeToken, type Issued } from '../tokens/issue.ts'
import { trustById } from '../trusts/store.ts'
import { userById } from '../users/store.ts'
import type { Context } from '../../kernel/context.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { Aim } from '../tokens/aim.ts'
import type { Proof } from '../tokens/authenticate.ts'
import type { Signed } from './signature.ts'
import type { Ec2Secret } from './view.ts'

/** A request as a service passes it on. */
export interface Passed extends Signed {
  readonly access?: string
  readonly signature?: string
  /** What an S3 service says was signed, in base64. */
  readonly token?: string
}

/** How long what was signed is good, in minutes. keystone's [credential] auth_ttl */
const lifeMinutes = 15

/** Makes a token for whose secret signed this request, for the project of his EC2 credential and with no more than what that was made with. */
export async function logInBySignature(
  ctx: RequestContext,
  passed: Passed | undefined,
  isSigned: (secret: string, passed: Passed) => boolean,
): Promise<Issued> {
  if (!passed) throw invalid('request must include a request body')
  if (passed.access === undefined) throw authenticationFailed()
  const id = ec2IdOf(passed.access)
  const row = await credentialById(ctx.db, id)
  if (!row) throw couldNotFind('credential', id)
  if (row.type !== 'ec2' || row.project_id === null) throw authenticationFailed()
  const secret = JSON.parse(ctx.vault.open(row.sealed_blob).toString()) as Ec2Secret
  if (typeof secret.secret !== 'string' || !isSigned(secret.secret, passed)) throw authenticationFailed()
  assertRecent(ctx, passed)
  const { proof, aim } = await aimBy(ctx, secret, { userId: row.user_id, projectId: row.project_id })
  return makeToken(ctx, proof, aim)
}

/** Refuses what was signed too long ago; who signs may leave the time out. */
function assertRecent(ctx: Context, { params = {}, headers = {} }: Passed): void {
  const written = params['Timestamp'] ?? headers['X-Amz-Date'] ?? params['X-Amz-Date']
  if (written === undefined) return
  // 20261128T120000Z is the same moment as 2026-11-28T12:00:00Z.
  const text = String(written).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/, '$1-$2-$3T$4:$5:$6')
  const ms = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`)
  if (!(ctx.clock.now().getTime() <= ms + lifeMinutes * 60_000)) throw authenticationFailed()
}

type Owner = { readonly userId: string; readonly projectId: string }

// What the credential was made with, such as a trust, still says what it can do.
async function aimBy(ctx: Context, secret: Ec2Secret, { userId, projectId }: Owner): Promise<{ proof: Proof; aim: Aim }> {
  const { trust_id, app_cred_id, access_token_id } = secret
  const trust = trust_id ? await trustById(ctx.db, trust_id) : undefined
  const credential = app_cred_id ? await applicationCredentialById(ctx.db, app_cred_id) : undefined
  const access = access_token_id ? await accessTokenById(ctx.db, access_token_id) : undefined
  const made = trust ?? credential ?? access
  if ((trust_id ?? app_cred_id ?? access_token_id) && made?.project_id !== projectId) throw authenticationFailed()
  if (credential && credential.user_id !== userId) throw authenticationFailed()
  if (access && access.user_id !== userId) throw authenticationFailed()
  if (trust && ![trust.trustor_user_id, trust.trustee_user_id].includes(userId)) throw authenticationFailed()
  const user = await userById(ctx.db, trust?.trustee_user_id ?? userId)
  if (!user?.enabled) throw authenticationFailed()
  const proof: Proof = { user, methods: ['ec2credential'], ...(credential && { credential }), ...(access && { access }) }
  const wanted = trust ? { 'OS-TRUST:trust': { id: trust.id } } : { project: { id: projectId } }
  return { proof, aim: await aimOf(ctx, proof, credential || access ? undefined : wanted) }
}
