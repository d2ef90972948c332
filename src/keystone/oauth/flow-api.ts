import { Type } from 'typebox'
import { notAuthorized } from '../../cloud/policy.ts'
import { route } from '../../cloud/service.ts'
import { forbidden, invalid, unauthenticated } from '../../kernel/errors.ts'
import { ok, type Answer } from '../../kernel/http/answer.ts'
import { isSameSecret } from '../../kernel/same-secret.ts'
import { hasPassed, momentOf } from '../moments.ts'
import { projectRow } from '../projects/store.ts'
import { found } from '../refusals.ts'
import { idsOfRoles, RoleRef } from '../roles/refs.ts'
import { rolesOn } from '../tokens/store.ts'
import { notSigned, signedBy } from './proof.ts'
import { allowRequest, insertAccessToken, insertRequest, requestById, takeRequest } from './store.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Context } from '../../kernel/context.ts'
import type { OauthRequestRow } from './tables.ts'

const requestSeconds = 8 * 3600
const accessSeconds = 24 * 3600
const verifierBytes = 6

const Authorize = Type.Object({ roles: Type.Array(RoleRef, { minItems: 1, maxItems: 100 }) })

const expiry = (ctx: Context, seconds: number): string => momentOf(new Date(ctx.clock.now().getTime() + seconds * 1000))

/** An answer as OAuth has them: a form. */
const form = (values: Record<string, string>): Answer => ({
  status: 201,
  text: new URLSearchParams(values).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
})

/** Refuses who came by something that was handed on to him: he has nothing of his own to give away. */
export function assertOwn({ subject }: CloudContext, what: string): void {
  const { applicationCredential, trustId, accessTokenId } = subject
  if (applicationCredential ?? trustId ?? accessTokenId)
    throw forbidden(notAuthorized(`Cannot ${what} with a token issued via delegation.`))
}

/** A consumer asks, a user allows it, and the consumer fetches an access token. RFC 5849, 2 */
export const oauthFlow = [
  route('POST /v3/OS-OAUTH1/request_token', {
    rule: 'public',
    run: async (ctx, tx) => {
      const { consumer } = await signedBy(ctx, async () => undefined)
      const projectId = ctx.request.headers['requested-project-id']
      if (typeof projectId !== 'string' || projectId === '') throw invalid('Expecting to find Requested-Project-Id in the headers.')
      found(await projectRow(tx, projectId), 'project', projectId)
      const [id, secret, expires_at] = [ctx.ids.hex(), ctx.ids.hex(), expiry(ctx, requestSeconds)]
      await insertRequest(tx, { id, consumer_id: consumer.id, project_id: projectId, sealed_secret: ctx.vault.seal(secret), expires_at })
      return form({ oauth_token: id, oauth_token_secret: secret, oauth_expires_at: `${expires_at}Z`, oauth_callback_confirmed: 'true' })
    },
  }),
  route('PUT /v3/OS-OAUTH1/authorize/:request_token_id', {
    rule: 'identity:authorize_request_token',
    body: Authorize,
    run: async (ctx, tx, { params: { request_token_id: id }, body: { roles } }) => {
      assertOwn(ctx, 'authorize a request token')
      const row = found(await requestById(tx, id), 'Request Token', id)
      if (hasPassed(row.expires_at, ctx.clock.now())) throw unauthenticated('Request token is expired.')
      const held = await rolesOn(tx, { userId: ctx.subject.userId, targetId: row.project_id })
      const roleIds = await idsOfRoles(tx, roles)
      if (roleIds.some((role) => !held.some((one) => one.id === role)))
        throw unauthenticated('authorizing user does not have role required')
      const verifier = ctx.ids.bytes(verifierBytes).toString('base64url')
      await allowRequest(tx, id, { userId: ctx.subject.userId, sealedVerifier: ctx.vault.seal(verifier), roleIds })
      return ok({ token: { oauth_verifier: verifier } })
    },
  }),
  route('POST /v3/OS-OAUTH1/access_token', {
    rule: 'public',
    run: async (ctx, tx) => {
      let asked: OauthRequestRow | undefined
      const { oauth } = await signedBy(ctx, async (parameters) => (asked = await requestById(tx, parameters.get('oauth_token') ?? '')))
      if (!asked || hasPassed(asked.expires_at, ctx.clock.now())) throw notSigned()
      const { user_id, sealed_verifier, consumer_id, project_id, role_ids_json } = asked
      if (user_id === null || sealed_verifier === null) throw unauthenticated('Request Token does not have an authorizing user id.')
      if (!isSameSecret(oauth.get('oauth_verifier') ?? '', ctx.vault.open(sealed_verifier)))
        throw invalid('Provided verifier does not match stored verifier')
      if (!(await takeRequest(tx, asked.id))) throw notSigned()
      const [id, secret, expires_at] = [ctx.ids.hex(), ctx.ids.hex(), expiry(ctx, accessSeconds)]
      await insertAccessToken(tx, {
        ...{ id, consumer_id, project_id, user_id, role_ids_json, expires_at },
        sealed_secret: ctx.vault.seal(secret),
      })
      return form({ oauth_token: id, oauth_token_secret: secret, oauth_expires_at: `${expires_at}Z` })
    },
  }),
]
