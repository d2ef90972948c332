import { Type } from 'typebox'
import { plain, route } from '../../cloud/service.ts'
import { enforce } from '../../cloud/policy.ts'
import { noContent } from '../../kernel/http/answer.ts'
import { notFound } from '../../kernel/errors.ts'
import { documentOf } from './document.ts'
import { issueToken } from './issue.ts'
import { receiptHeader } from './receipt.ts'
import { revokeToken } from './revoke.ts'
import { Authenticate } from './schema.ts'
import { noToken, stateNow, type TokenState } from './state.ts'
import type { Compliance } from '../compliance/compliance.ts'
import type { CloudContext } from '../../cloud/context.ts'

const Query = Type.Object({ nocatalog: Type.Optional(Type.Unknown()) })

/** Tokens, for who logs in as it is `asked`. */
export const tokens = (asked: Compliance) => [
  plain('POST /v3/auth/tokens', {
    rule: 'public',
    query: Query,
    body: Authenticate,
    run: async (ctx, _db, { body }) => {
      const issued = await issueToken(ctx, asked, body.auth)
      if ('receipt' in issued) return { status: 401, body: issued.document, headers: { [receiptHeader]: issued.receipt } }
      const { token, state } = issued
      return { status: 201, text: await documentOf(ctx, state), headers: { 'x-subject-token': token } }
    },
  }),
  route('GET /v3/auth/tokens', {
    rule: 'identity:validate_token',
    run: async (ctx) => {
      const { token, state } = await subjectToken(ctx, 'identity:validate_token')
      return { status: 200, text: await documentOf(ctx, state), headers: { 'x-subject-token': token } }
    },
  }),
  // Services look at whole tokens; whether one is good is the business of fewer. keystone/common/policies/token.py
  route('HEAD /v3/auth/tokens', {
    rule: 'identity:check_token',
    run: async (ctx) => {
      const { token } = await subjectToken(ctx, 'identity:check_token')
      return { status: 200, headers: { 'x-subject-token': token } }
    },
  }),
  route('DELETE /v3/auth/tokens', {
    rule: 'identity:revoke_token',
    prepare: async (ctx) => subjectToken(ctx, 'identity:revoke_token'),
    run: async (ctx, tx, { prepared }) => {
      await revokeToken(ctx, tx, prepared.state)
      return noContent()
    },
  }),
]

/** The token that the request is about; the rule must allow it. */
async function subjectToken(ctx: CloudContext, rule: string): Promise<{ token: string; state: TokenState }> {
  const token = ctx.request.headers['x-subject-token']
  if (typeof token !== 'string' || token === '') throw notFound('No token in the request')
  const state = await stateNow(ctx, token)
  if (!state) throw noToken(token)
  enforce(ctx, rule, { user_id: state.user.id })
  return { token, state }
}
