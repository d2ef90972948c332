import { unauthenticated } from '../../kernel/errors.ts'
import { sealToken } from '../keys/ring.ts'
import { secondsOf } from '../moments.ts'
import { authenticate, authenticationFailed, type Proof } from './authenticate.ts'
import { tokenLifeSeconds } from './lifetime.ts'
import { methodNames, packPayload, type Scope, type TokenPayload } from './payload.ts'
import { wantedScope } from './scope.ts'
import { currentState, type TokenState } from './state.ts'
import type { AuthenticateRequest } from './schema.ts'
import type { Context } from '../../kernel/context.ts'

/** A new token and what it means. */
export interface Issued {
  readonly token: string
  readonly state: TokenState
}

/** Proves who asks and makes a token for what is asked. Writes nothing: a token needs no row. */
export async function issueToken(ctx: Context, request: AuthenticateRequest): Promise<Issued> {
  const proof = await authenticate(ctx, request.identity)
  const scope = handedScope(proof, request.scope) ?? (await wantedScope(ctx, request.scope))
  const seconds = Math.floor(ctx.clock.now().getTime() / 1000)
  const make = (wanted: Scope) => currentState(ctx, payloadOf(ctx, proof, wanted, seconds), seconds)
  const state = await (scope ? make(scope) : (defaultScope(proof, make) ?? make({ kind: 'none' })))
  if (!state) throw authenticationFailed()
  return { token: await sealToken(ctx, { payload: packPayload(state.payload), seconds }), state }
}

/** Who lives by what a user handed on can not choose: it is for one project. */
function handedScope({ credential, token }: Proof, wanted: unknown): Scope | undefined {
  const handed: Scope | undefined = credential
    ? { kind: 'project', id: credential.project_id }
    : token?.payload.delegation && token.payload.scope
  if (handed && wanted !== undefined) throw unauthenticated('Application credentials cannot request a scope.')
  return handed
}

// The default project counts only where the user may work in it.
function defaultScope(
  { user }: Proof,
  make: (scope: Scope) => Promise<TokenState | undefined>,
): Promise<TokenState | undefined> | undefined {
  if (!user.default_project_id) return undefined
  return make({ kind: 'project', id: user.default_project_id }).then((state) => state ?? make({ kind: 'none' }))
}

// A token made from another ends with it and continues its chain.
function payloadOf(ctx: Context, { user, token, methods, credential }: Proof, scope: Scope, seconds: number): TokenPayload {
  const before = token?.payload
  const used = new Set([...(before?.methods ?? []), ...methods])
  const first = before?.auditIds.at(-1)
  const delegation = credential ? ({ kind: 'application_credential', id: credential.id } as const) : before?.delegation
  const ends = [before?.expiresSeconds ?? seconds + tokenLifeSeconds, ...(credential?.expires_at ? [secondsOf(credential.expires_at)] : [])]
  return {
    userId: user.id,
    epoch: user.token_epoch,
    methods: methodNames.filter((method) => used.has(method)),
    scope,
    ...(delegation && { delegation }),
    expiresSeconds: Math.min(...ends),
    auditIds: [ctx.ids.bytes(16).toString('base64url'), ...(first ? [first] : [])],
  }
}
