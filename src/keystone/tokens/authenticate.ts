import { invalid, unauthenticated } from '../../kernel/errors.ts'
import { applicationCredentialById, applicationCredentialByName } from '../application-credentials/store.ts'
import { expecting } from '../fault.ts'
import { signedAccessToken } from '../oauth/proof.ts'
import { verifyPassword } from '../passwords/hash.ts'
import { projectByName } from '../projects/store.ts'
import { userById, userByName } from '../users/store.ts'
import { methodNames, type Method } from './payload.ts'
import { stateNow, type TokenState } from './state.ts'
import type { AuthenticateRequest } from './schema.ts'
import type { Context } from '../../kernel/context.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { AccessTokenRow } from '../oauth/tables.ts'
import type { ApplicationCredentialRow, UserRow } from '../tables.ts'

/** Who the request proved to come from. */
export interface Proof {
  readonly user: UserRow
  readonly methods: readonly Method[]
  /** The token that proved it, when one did. */
  readonly token?: TokenState
  /** The application credential that proved it, when one did. */
  readonly credential?: ApplicationCredentialRow
  /** The access token that proved it, when one did. */
  readonly access?: AccessTokenRow
}

/** One sentence for every failure: it must not tell which part was wrong. */
export const authenticationFailed = () => unauthenticated('The request you have made requires authentication.')

/** Checks every method that the request names; all must agree on who it is. */
export async function authenticate(ctx: RequestContext, identity: AuthenticateRequest['identity']): Promise<Proof> {
  const methods = methodNames.filter((method) => identity.methods.includes(method))
  if (identity.methods.some((method) => !methods.includes(method as Method)))
    throw unauthenticated('Attempted to authenticate with an unsupported method.')
  if (methods.length === 0) throw invalid(expecting('methods', 'identity'))
  for (const method of methods) if (!identity[method]) throw invalid(expecting(method, 'identity'))
  const proofs = await Promise.all(methods.map((method) => prove[method](ctx, identity)))
  const [user] = proofs.map((proof) => proof.user)
  if (!user?.enabled || proofs.some((proof) => proof.user.id !== user.id)) throw authenticationFailed()
  return { ...Object.assign({}, ...proofs), methods }
}

type Part = Omit<Proof, 'methods'>

/** How each method proves who it is, once the request has what it needs. */
const prove: Record<Method, (ctx: RequestContext, identity: AuthenticateRequest['identity']) => Promise<Part>> = {
  password: async (ctx, { password }) => ({ user: await userByPassword(ctx, password!.user) }),
  token: async (ctx, { token }) => {
    const state = await stateNow(ctx, token!.id)
    const user = state && (await userById(ctx.db, state.user.id))
    if (!user) throw authenticationFailed()
    return { user, token: state }
  },
  application_credential: async (ctx, identity) => byApplicationCredential(ctx, identity.application_credential!),
  oauth1: async (ctx) => {
    const access = await signedAccessToken(ctx)
    const user = await userById(ctx.db, access.user_id)
    if (!user) throw authenticationFailed()
    return { user, access }
  },
}

type CredentialProof = NonNullable<AuthenticateRequest['identity']['application_credential']>

async function byApplicationCredential(ctx: Context, asked: CredentialProof): Promise<Part> {
  const { id, secret } = asked
  if (secret === undefined) throw invalid(expecting('secret', 'application_credential'))
  const row = id === undefined ? await credentialNamed(ctx, asked) : await applicationCredentialById(ctx.db, id)
  if (!(await verifyPassword(secret, row?.secret_hash)) || !row) throw authenticationFailed()
  const owner = await userById(ctx.db, row.user_id)
  if (!owner) throw authenticationFailed()
  return { user: owner, credential: row }
}

async function credentialNamed(ctx: Context, { name, user }: CredentialProof) {
  if (name === undefined) throw invalid(expecting('id or name', 'application_credential'))
  if (!user) throw invalid(expecting('user', 'application_credential'))
  const owner = await findUser(ctx, user)
  return owner && applicationCredentialByName(ctx.db, { userId: owner.id, name })
}

type PasswordUser = NonNullable<AuthenticateRequest['identity']['password']>['user']

async function userByPassword(ctx: Context, asked: PasswordUser): Promise<UserRow> {
  if (!asked) throw invalid(expecting('user', 'password'))
  if (asked.password === undefined) throw invalid(expecting('password', 'user'))
  const user = await findUser(ctx, asked)
  const isRight = await verifyPassword(asked.password, user?.password_hash)
  if (!user || !isRight) throw authenticationFailed()
  // The hash took its time: what was true of the user before need not be now.
  const now = await userById(ctx.db, user.id)
  if (now?.password_hash !== user.password_hash) throw authenticationFailed()
  return now
}

async function findUser(ctx: Context, asked: NonNullable<PasswordUser>): Promise<UserRow | undefined> {
  if (asked.id !== undefined) return userById(ctx.db, asked.id)
  if (asked.name === undefined) throw invalid(expecting('id or name', 'user'))
  if (!asked.domain) throw invalid(expecting('domain', 'user'))
  const domainId = await domainIdOf(ctx, asked.domain)
  return domainId === undefined ? undefined : userByName(ctx.db, { domainId, name: asked.name })
}

/** The id of a domain that is named by id or name; undefined when there is none of that name. */
export async function domainIdOf(ctx: Context, domain: { id?: string; name?: string }): Promise<string | undefined> {
  if (domain.id !== undefined) return domain.id
  if (domain.name === undefined) throw invalid(expecting('id or name', 'domain'))
  return (await projectByName(ctx.db, { domainId: '', name: domain.name }))?.id
}
