import { invalid, unauthenticated } from '../../kernel/errors.ts'
import { applicationCredentialById, applicationCredentialByName } from '../application-credentials/store.ts'
import { expecting } from '../fault.ts'
import { signedAccessToken } from '../oauth/proof.ts'
import { isExpired } from '../compliance/new-password.ts'
import { passcodeFrom } from '../passcodes/prove.ts'
import { verifyPassword } from '../passwords/hash.ts'
import { authenticationFailed, userByPassword } from '../passwords/prove.ts'
import { projectByName } from '../projects/store.ts'
import { userById, userByName } from '../users/store.ts'
import { loginMethods, type LoginMethod, type Method } from './payload.ts'
import { noToken, stateNow, type TokenState } from './state.ts'
import type { AuthenticateRequest } from './schema.ts'
import type { Compliance } from '../compliance/compliance.ts'
import type { Passcode } from '../passcodes/store.ts'
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
  /** The passcode that proved it, when one did: to be used up. */
  readonly passcode?: Passcode
}

type Identity = AuthenticateRequest['identity']

/** Checks every method that the request names; all must agree on who it is. */
export async function authenticate(ctx: RequestContext, asked: Compliance, identity: Identity): Promise<Proof> {
  const methods = loginMethods.filter((method) => identity.methods.includes(method))
  if (identity.methods.some((method) => !methods.includes(method as LoginMethod)))
    throw unauthenticated('Attempted to authenticate with an unsupported method.')
  if (methods.length === 0) throw invalid(expecting('methods', 'identity'))
  for (const method of methods) if (!identity[method]) throw invalid(expecting(method, 'identity'))
  const proofs = await Promise.all(methods.map((method) => prove[method](ctx, identity, asked)))
  const [user] = proofs.map((proof) => proof.user)
  if (!user?.enabled || proofs.some((proof) => proof.user.id !== user.id)) throw authenticationFailed()
  return { ...Object.assign({}, ...proofs), methods }
}

type Part = Omit<Proof, 'methods'>

/** How each method proves who it is, once the request has what it needs. */
const prove: Record<LoginMethod, (ctx: RequestContext, identity: Identity, asked: Compliance) => Promise<Part>> = {
  password: async (ctx, { password }, asked) => ({ user: await byPassword(ctx, asked, password!.user) }),
  token: async (ctx, { token }) => {
    const state = await stateNow(ctx, token!.id)
    if (!state) throw noToken(token!.id)
    const user = await userById(ctx.db, state.user.id)
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
  totp: async (ctx, { totp }) => byPasscode(ctx, totp!.user),
}

type CredentialProof = NonNullable<Identity['application_credential']>

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

type PasswordUser = NonNullable<Identity['password']>['user']

async function byPassword(ctx: RequestContext, asked: Compliance, named: PasswordUser): Promise<UserRow> {
  if (!named) throw invalid(expecting('user', 'password'))
  const { password } = named
  if (password === undefined) throw invalid(expecting('password', 'user'))
  const user = await userByPassword(ctx, asked, { user: await findUser(ctx, named), password })
  if (isExpired(user, ctx.clock.now())) throw unauthenticated(`The password is expired and needs to be changed for user: ${user.id}.`)
  return user
}

async function byPasscode(ctx: Context, named: NonNullable<Identity['totp']>['user']): Promise<Part> {
  if (!named) throw invalid(expecting('user', 'totp'))
  const user = await findUser(ctx, named)
  const passcode = user && named.passcode !== undefined ? await passcodeFrom(ctx, user.id, named.passcode) : undefined
  if (!user || !passcode) throw authenticationFailed()
  return { user, passcode }
}

interface NamedUser {
  readonly id?: string
  readonly name?: string
  readonly domain?: { readonly id?: string; readonly name?: string }
}

async function findUser(ctx: Context, asked: NamedUser): Promise<UserRow | undefined> {
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
