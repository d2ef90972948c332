import { notAuthorized } from '../../cloud/policy.ts'
import { forbidden, invalid, unauthenticated } from '../../kernel/errors.ts'
import { expecting } from '../fault.ts'
import { hasPassed } from '../moments.ts'
import { couldNotFind } from '../refusals.ts'
import { trustById } from '../trusts/store.ts'
import { userById } from '../users/store.ts'
import { authenticationFailed } from '../passwords/prove.ts'
import type { Proof } from './authenticate.ts'
import { wantedScope } from './scope.ts'
import type { AuthenticateRequest } from './schema.ts'
import type { Delegation, Scope } from './payload.ts'
import type { Context } from '../../kernel/context.ts'
import type { UserRow } from '../tables.ts'

/** What a token is to be for, and in whose name. */
export interface Aim {
  readonly user: UserRow
  /** Left out where the user's default project decides. */
  readonly scope?: Scope
  readonly delegation?: Delegation
  /** When that which was handed on ends; see `moments.ts`. */
  readonly endsAt?: string | null
  /** Whether the trust may be used only so often. */
  readonly isCounted?: boolean
}

/** Finds out what a token is to be for, from how its user proved who he is and from what he asks for. */
export async function aimOf(ctx: Context, proof: Proof, wanted: AuthenticateRequest['scope']): Promise<Aim> {
  const { user } = proof
  const handed = handedAim(proof)
  if (handed && wanted !== undefined)
    throw unauthenticated(`${handed.delegation?.kind === 'oauth1' ? 'Access tokens' : 'Application credentials'} cannot request a scope.`)
  if (handed) return handed
  const trust = typeof wanted === 'object' ? wanted['OS-TRUST:trust'] : undefined
  const scope = await wantedScope(ctx, wanted)
  if (trust) return trustAim(ctx, user, trust.id)
  return { user, ...(scope && { scope }) }
}

/** Who lives by what was handed on to him can not choose: it is for one project. */
function handedAim({ user, credential, access, token }: Proof): Aim | undefined {
  if (credential) {
    const delegation = { kind: 'application_credential', id: credential.id } as const
    return { user, scope: { kind: 'project', id: credential.project_id }, delegation, endsAt: credential.expires_at }
  }
  if (access) {
    const delegation = { kind: 'oauth1', id: access.id } as const
    return { user, scope: { kind: 'project', id: access.project_id }, delegation, endsAt: access.expires_at }
  }
  if (!token?.payload.delegation) return undefined
  const { scope, delegation } = token.payload
  if (delegation.kind !== 'application_credential') throw forbidden(notAuthorized('rescope a scoped token'))
  return { user, scope, delegation }
}

async function trustAim(ctx: Context, trustee: UserRow, id: string | undefined): Promise<Aim> {
  if (id === undefined) throw invalid(expecting('id', 'OS-TRUST:trust'))
  const trust = await trustById(ctx.db, id)
  if (!trust || hasPassed(trust.expires_at, ctx.clock.now())) throw couldNotFind('trust', id)
  if (trust.trustee_user_id !== trustee.id) throw forbidden('User is not a trustee.')
  const user = trust.impersonation ? await userById(ctx.db, trust.trustor_user_id) : trustee
  if (!user) throw authenticationFailed()
  return {
    user,
    scope: { kind: 'project', id: trust.project_id },
    delegation: { kind: 'trust', id },
    endsAt: trust.expires_at,
    isCounted: trust.remaining_uses !== null,
  }
}
