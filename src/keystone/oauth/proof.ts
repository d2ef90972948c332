import { unauthenticated } from '../../kernel/errors.ts'
import { hasPassed } from '../moments.ts'
import { isSigned, oauthParameters, type OauthParameters } from './signature.ts'
import { accessTokenById, consumerById } from './store.ts'
import type { Context } from '../../kernel/context.ts'
import type { RequestHead } from '../../kernel/http/route.ts'
import type { AccessTokenRow, ConsumerRow } from './tables.ts'

/** One sentence for every failure, as where a password is wrong. */
export const notSigned = () => unauthenticated('The request you have made requires authentication.')

interface Signed {
  readonly oauth: OauthParameters
  readonly consumer: ConsumerRow
}

/** The consumer that signed this request, with its secret and that of the token which it names; refuses one that nobody signed. */
export async function signedBy(
  ctx: Context & { readonly request: RequestHead },
  tokenOf: (oauth: OauthParameters) => Promise<{ readonly consumer_id: string; readonly sealed_secret: Buffer } | undefined>,
): Promise<Signed> {
  const oauth = oauthParameters(ctx.request.headers.authorization)
  const consumer = oauth && (await consumerById(ctx.db, oauth.get('oauth_consumer_key') ?? ''))
  if (!consumer) throw notSigned()
  const token = await tokenOf(oauth)
  if (oauth.has('oauth_token') && token?.consumer_id !== consumer.id) throw notSigned()
  const open = (sealed: Buffer) => ctx.vault.open(sealed).toString()
  const secrets = { consumer: open(consumer.sealed_secret), token: token ? open(token.sealed_secret) : '' }
  if (!isSigned(ctx.request, oauth, secrets, ctx.clock.now())) throw notSigned()
  return { oauth, consumer }
}

/** The access token that this request was signed with; refuses one that is over. */
export async function signedAccessToken(ctx: Context & { readonly request: RequestHead }): Promise<AccessTokenRow> {
  let row: AccessTokenRow | undefined
  await signedBy(ctx, async (oauth) => (row = await accessTokenById(ctx.db, oauth.get('oauth_token') ?? '')))
  if (!row || hasPassed(row.expires_at, ctx.clock.now())) throw notSigned()
  return row
}
