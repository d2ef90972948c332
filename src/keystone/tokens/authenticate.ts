import { invalid, unauthenticated } from '../../kernel/errors.ts'
import { expecting } from '../fault.ts'
import { verifyPassword } from '../passwords/hash.ts'
import { projectByName } from '../projects/store.ts'
import { userById, userByName } from '../users/store.ts'
import { stateOf, type TokenState } from './state.ts'
import type { AuthenticateRequest } from './schema.ts'
import type { Context } from '../../kernel/context.ts'
import type { UserRow } from '../tables.ts'

/** Who the request proved to come from. */
export interface Proof {
  readonly user: UserRow
  /** The token that proved it, when one did. */
  readonly token?: TokenState
  readonly byPassword: boolean
}

/** One sentence for every failure: it must not tell which part was wrong. */
export const authenticationFailed = () => unauthenticated('The request you have made requires authentication.')

/** Checks every method that the request names; all must agree on who it is. */
export async function authenticate(ctx: Context, { methods, password, token }: AuthenticateRequest['identity']): Promise<Proof> {
  const wanted = new Set(methods)
  if ([...wanted].some((method) => method !== 'password' && method !== 'token'))
    throw unauthenticated('Attempted to authenticate with an unsupported method.')
  if (wanted.size === 0) throw invalid(expecting('methods', 'identity'))
  if (wanted.has('password') && !password) throw invalid(expecting('password', 'identity'))
  if (wanted.has('token') && !token) throw invalid(expecting('token', 'identity'))
  const state = wanted.has('token') ? await stateOf(ctx, token!.id) : undefined
  if (wanted.has('token') && !state) throw authenticationFailed()
  const user = wanted.has('password') ? await userByPassword(ctx, password!.user) : await userById(ctx.db, state!.user.id)
  if (!user?.enabled || (state && state.user.id !== user.id)) throw authenticationFailed()
  return { user, byPassword: wanted.has('password'), ...(state && { token: state }) }
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
