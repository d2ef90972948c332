import { plain } from '../../cloud/service.ts'
import { Fault } from '../../kernel/errors.ts'
import { readBody } from '../../kernel/http/body.ts'
import { issueToken, type Issued } from '../tokens/issue.ts'
import { wwwAuthenticate } from '../fault.ts'
import type { Answer } from '../../kernel/http/answer.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { Compliance } from '../compliance/compliance.ts'

const notProved = 'Client authentication failed.'
const mostBytes = 8192

/** Tokens by OAuth 2.0 for who knows the secret of an application credential. RFC 6749, 4.4 */
export const oauth2Tokens = (asked: Compliance) => [
  plain('POST /v3/OS-OAUTH2/token', {
    rule: 'public',
    raw: true,
    async run(ctx, _db, { incoming }) {
      const form = new URLSearchParams((await readBody(incoming, mostBytes)).toString())
      const grant = form.get('grant_type')
      if (grant === null) return refusal(ctx, 'invalid_request', 'The parameter grant_type is required.')
      if (grant !== 'client_credentials')
        return refusal(ctx, 'unsupported_grant_type', `The parameter grant_type ${grant.slice(0, 64)} is not supported.`)
      const client = clientIn(ctx.request.headers.authorization) ?? { id: form.get('client_id'), secret: form.get('client_secret') }
      // No other text is an id, and some of it no database can be asked for.
      if (!/^[\w-]{1,64}$/.test(client.id ?? '') || !client.secret) return refusal(ctx, 'invalid_client', notProved)
      const issued = await logIn(ctx, asked, { id: client.id!, secret: client.secret })
      return 'token' in issued ? granted(ctx, issued) : issued
    },
  }),
]

/** Who Basic authentication says that he is; each of its halves is written as in a form. RFC 6749, 2.3.1 */
function clientIn(header: string | undefined): { id: string; secret: string } | undefined {
  const [, coded] = /^Basic +([\w+/=-]+)$/i.exec(header ?? '') ?? []
  if (coded === undefined) return undefined
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(coded, 'base64').toString()) ?? []
  const plainly = (half = '') => new URLSearchParams(`half=${half}`).get('half') ?? ''
  return { id: plainly(id), secret: plainly(secret) }
}

async function logIn(ctx: RequestContext, asked: Compliance, credential: { id: string; secret: string }): Promise<Issued | Answer> {
  try {
    const proof = { methods: ['application_credential' as const], application_credential: credential }
    const issued = await issueToken(ctx, asked, { identity: proof })
    return 'receipt' in issued ? refusal(ctx, 'invalid_client', notProved) : issued
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    if (error.kind === 'unauthenticated') return refusal(ctx, 'invalid_client', error.message)
    if (error.kind === 'invalid') return refusal(ctx, 'invalid_request', error.message)
    throw error
  }
}

const granted = (ctx: RequestContext, { token, state }: Issued): Answer => ({
  status: 200,
  headers: { 'cache-control': 'no-store' },
  body: {
    access_token: token,
    token_type: 'Bearer',
    expires_in: state.payload.expiresSeconds - Math.floor(ctx.clock.now().getTime() / 1000),
  },
})

const refusal = (ctx: RequestContext, error: string, error_description: string): Answer => ({
  status: error === 'invalid_client' ? 401 : 400,
  headers: error === 'invalid_client' ? wwwAuthenticate(ctx) : {},
  body: { error, error_description },
})
