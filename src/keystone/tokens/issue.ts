import { forbidden } from '../../kernel/errors.ts'
import { keyOf } from '../../kernel/http/request-key.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { sealToken } from '../keys/ring.ts'
import { secondsOf } from '../moments.ts'
import { takeUse } from '../trusts/store.ts'
import { aimOf, type Aim } from './aim.ts'
import { authenticate, authenticationFailed, type Proof } from './authenticate.ts'
import { tokenLifeSeconds } from './lifetime.ts'
import { methodNames, packPayload, type Scope, type TokenPayload } from './payload.ts'
import { currentState, type TokenState } from './state.ts'
import type { AuthenticateRequest } from './schema.ts'
import type { Context } from '../../kernel/context.ts'
import type { RequestContext } from '../../kernel/http/route.ts'

/** A new token and what it means. */
export interface Issued {
  readonly token: string
  readonly state: TokenState
}

/**
 * Proves who asks and makes a token for what is asked. A token needs no row, so nothing is written, but for a trust that may be used only so
 * often: a request that is sent again under its key uses it once.
 */
export async function issueToken(ctx: RequestContext, request: AuthenticateRequest): Promise<Issued> {
  const proof = await authenticate(ctx, request.identity)
  const aim = await aimOf(ctx, proof, request.scope)
  const seconds = Math.floor(ctx.clock.now().getTime() / 1000)
  const make = (scope: Scope) => currentState(ctx, payloadOf(ctx, { proof, aim, scope, seconds }), seconds)
  const state = await (aim.scope ? make(aim.scope) : (defaultScope(aim, make) ?? make({ kind: 'none' })))
  if (!state) throw authenticationFailed()
  if (aim.isCounted) await useTrust(ctx, aim.delegation!.id)
  return { token: await sealToken(ctx, { payload: packPayload(state.payload), seconds }), state }
}

async function useTrust(ctx: RequestContext, trustId: string): Promise<void> {
  const { id: requestKey } = keyOf(ctx, Buffer.alloc(0))
  await transaction(ctx, 'keystone.trusts.use', async (tx) => {
    if (!(await takeUse(ctx, tx, { trustId, requestKey }))) throw forbidden(`No remaining uses for trust: ${trustId}.`)
  })
}

// The default project counts only where the user may work in it.
function defaultScope({ user }: Aim, make: (scope: Scope) => Promise<TokenState | undefined>): Promise<TokenState | undefined> | undefined {
  if (!user.default_project_id) return undefined
  return make({ kind: 'project', id: user.default_project_id }).then((state) => state ?? make({ kind: 'none' }))
}

interface Plan {
  readonly proof: Proof
  readonly aim: Aim
  readonly scope: Scope
  readonly seconds: number
}

// A token made from another ends with it and continues its chain.
function payloadOf(ctx: Context, { proof: { token, methods }, aim, scope, seconds }: Plan): TokenPayload {
  const before = token?.payload
  const used = new Set([...(before?.methods ?? []), ...methods])
  const first = before?.auditIds.at(-1)
  const ends = [before?.expiresSeconds ?? seconds + tokenLifeSeconds, ...(aim.endsAt ? [secondsOf(aim.endsAt)] : [])]
  return {
    userId: aim.user.id,
    epoch: aim.user.token_epoch,
    methods: methodNames.filter((method) => used.has(method)),
    scope,
    ...(aim.delegation && { delegation: aim.delegation }),
    expiresSeconds: Math.min(...ends),
    auditIds: [ctx.ids.bytes(16).toString('base64url'), ...(first ? [first] : [])],
  }
}
