import { notFound, type Fault } from '../../kernel/errors.ts'
import { joinedReads } from '../../kernel/sql/joined-reads.ts'
import { powersNow, type KnownCredential } from '../application-credentials/powers.ts'
import { memoryOf } from '../memory.ts'
import { openToken } from '../keys/ring.ts'
import { systemId } from '../tables.ts'
import { trustedPowers, type KnownTrust } from '../trusts/powers.ts'
import { accessPowers, type KnownAccess } from '../oauth/powers.ts'
import { unpackPayload, type Delegation, type Scope, type TokenPayload } from './payload.ts'
import { rolesIn, standingOf, type StandingRow } from './store.ts'
import { tokenDocument } from './view.ts'
import type { Subject } from '../../cloud/context.ts'
import type { Context } from '../../kernel/context.ts'

export interface NamedRef {
  readonly id: string
  readonly name: string
}

/** A token that is good now, and what it means at this moment. */
export interface TokenState {
  readonly payload: TokenPayload
  readonly issuedSeconds: number
  readonly user: NamedRef & { readonly domain: NamedRef; readonly passwordExpiresAt: string | null }
  readonly project?: NamedRef & { readonly domain: NamedRef }
  readonly domain?: NamedRef
  readonly roles: readonly NamedRef[]
  readonly credential?: KnownCredential
  readonly trust?: KnownTrust
  readonly access?: KnownAccess
  readonly subject: Subject
  /** The document that describes it, as JSON, without catalog and without its last two brackets. */
  readonly document: string
}

/** What a token means now; undefined for one that no key opens, or that has ended, or whose user or target is no more. At most half a second old. */
export async function stateOf(ctx: Context, token: string): Promise<TokenState | undefined> {
  const state = await memoryOf(ctx).tokens.get(token, ctx.clock.monotonicMs(), () => lookUp(ctx, token))
  return state && isOver(ctx, state.payload) ? undefined : state
}

const joined = joinedReads<TokenState | undefined>()

/** The same as it is now, for who asks just that: nothing that another instance did a moment ago is missed. */
export const stateNow = (ctx: Context, token: string): Promise<TokenState | undefined> => joined(ctx.db, token, () => lookUp(ctx, token))

/** keystone's 404 for what is no token, or no longer. */
export const noToken = (token: string): Fault =>
  notFound(token.startsWith('gAAAA') ? 'Failed to validate token' : 'Could not recognize Fernet token')

async function lookUp(ctx: Context, token: string): Promise<TokenState | undefined> {
  const opened = await openToken(ctx, token)
  const payload = opened && unpackPayload(opened.payload)
  return payload && !isOver(ctx, payload) ? currentState(ctx, payload, opened.seconds) : undefined
}

const isOver = (ctx: Context, payload: TokenPayload): boolean => ctx.clock.now().getTime() >= payload.expiresSeconds * 1000

/** Asks the database what a payload means now. Its epoch is not asked for where `epoch` is 'any'. */
export async function currentState(ctx: Context, payload: TokenPayload, issuedSeconds: number): Promise<TokenState | undefined> {
  const rows = await standingOf(ctx.db, { userId: payload.userId, targetId: targetOf(payload.scope), auditId: payload.auditIds[0] ?? '' })
  const row = rows[0]
  if (!row || row.revoked_id !== null || row.token_epoch !== payload.epoch) return undefined
  if (!row.user_enabled || !row.user_domain_enabled) return undefined
  const powers = await powersOf(ctx, payload, rolesIn(rows))
  if (!powers) return undefined
  const target = targetFrom(row, payload.scope)
  if (!target || (payload.scope.kind !== 'none' && powers.roles.length === 0)) return undefined
  const user = {
    id: payload.userId,
    name: row.user_name,
    domain: { id: row.user_domain_id, name: row.user_domain_name },
    passwordExpiresAt: row.password_expires_at,
  }
  const known = { payload, issuedSeconds, user, ...target, ...powers, roles: payload.scope.kind === 'none' ? [] : powers.roles }
  return { ...known, subject: subjectOf(known), document: tokenDocument(known) }
}

/** Of the roles that a user holds, those that his token may use: it lives by something that was handed on to it. */
interface Powers extends Pick<TokenState, 'credential' | 'trust' | 'access'> {
  readonly roles: readonly NamedRef[]
}

type Handed = { readonly id: string; readonly userId: string; readonly projectId: string }

const powersBy: Record<Delegation['kind'], (ctx: Context, handed: Handed, held: readonly NamedRef[]) => Promise<Powers | undefined>> = {
  application_credential: powersNow,
  trust: trustedPowers,
  oauth1: accessPowers,
}

async function powersOf(ctx: Context, { userId, scope, delegation }: TokenPayload, held: readonly NamedRef[]): Promise<Powers | undefined> {
  if (!delegation) return { roles: held }
  return powersBy[delegation.kind](ctx, { id: delegation.id, userId, projectId: scope.kind === 'project' ? scope.id : '' }, held)
}

const targetOf = (scope: Scope): string => ('id' in scope ? scope.id : scope.kind === 'system' ? systemId : '')

type Target = Pick<TokenState, 'project' | 'domain'>

// Undefined for a project or domain that is not there, not enabled, or not what the scope says it is.
function targetFrom(row: StandingRow, scope: Scope): Target | undefined {
  if (scope.kind === 'none' || scope.kind === 'system') return {}
  if (row.target_id === null || !row.target_enabled) return undefined
  const named = { id: row.target_id, name: row.target_name! }
  if (scope.kind === 'domain') return row.target_is_domain ? { domain: named } : undefined
  if (row.target_is_domain || !row.target_domain_enabled) return undefined
  return { project: { ...named, domain: { id: row.target_domain_id!, name: row.target_domain_name! } } }
}

export type Described = Omit<TokenState, 'subject' | 'document'>

const subjectOf = ({ payload, user, project, domain, roles, credential, trust, access }: Described): Subject => ({
  userId: user.id,
  userName: user.name,
  userDomainId: user.domain.id,
  ...(project && { projectId: project.id, projectName: project.name, projectDomainId: project.domain.id }),
  ...(domain && { domainId: domain.id }),
  systemScope: payload.scope.kind === 'system',
  roles: roles.map((role) => role.name),
  expiresAt: new Date(payload.expiresSeconds * 1000),
  auditIds: payload.auditIds,
  ...(credential && { applicationCredential: credential.forSubject }),
  ...(trust && { trustId: trust.id }),
  ...(access && { accessTokenId: access.id }),
})
