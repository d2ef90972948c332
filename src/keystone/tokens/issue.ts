import { forbidden } from '../../kernel/errors.ts'
import { keyOf } from '../../kernel/http/request-key.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { sealToken } from '../keys/ring.ts'
import { secondsOf } from '../moments.ts'
import { takeUse } from '../trusts/store.ts'
import { aimOf, type Aim } from './aim.ts'
import { authenticationFailed } from '../passwords/prove.ts'
import { usePasscode } from '../passcodes/prove.ts'
import { authenticate, type Proof } from './authenticate.ts'
import { factorRules, isEnough } from './factors.ts'
import { tokenLifeSeconds } from './lifetime.ts'
import { methodNames, packPayload, type Method, type Scope, type TokenPayload } from './payload.ts'
import { issueReceipt, methodsByReceipt, type Receipt } from './receipt.ts'
import { currentState, type TokenState } from './state.ts'
import type { AuthenticateRequest } from './schema.ts'
import type { Compliance } from '../compliance/compliance.ts'
import type { Context } from '../../kernel/context.ts'
import type { RequestContext } from '../../kernel/http/route.ts'

/** A new token and what it means. */
export interface Issued {
  readonly token: string
  readonly state: TokenState
}

/**
 * Proves who asks and makes a token for what is asked, or a receipt where more methods are asked of the user. Neither needs a row, so nothing
 * is written, but for what may be used only so often: a request that is sent again under its key uses a trust or a passcode once.
 */
export async function issueToken(ctx: RequestContext, asked: Compliance, request: AuthenticateRequest): Promise<Issued | Receipt> {
  const proof = await authenticate(ctx, asked, request.identity)
  const methods = allMethods(proof, await methodsByReceipt(ctx, proof.user))
  if (!isEnough(factorRules(proof.user.options_json), methods)) {
    if (proof.passcode) await usePasscode(ctx, proof.user.id, proof.passcode)
    return issueReceipt(ctx, { user: proof.user, methods })
  }
  return makeToken(ctx, { ...proof, methods }, await aimOf(ctx, proof, request.scope))
}

// A token stands for the methods that it was made by.
function allMethods({ methods, token }: Proof, byReceipt: readonly Method[]): Method[] {
  const used = new Set([...methods, ...byReceipt, ...(token?.payload.methods ?? [])])
  return methodNames.filter((method) => used.has(method))
}

/** Makes a token for who has proved himself. */
export async function makeToken(ctx: RequestContext, proof: Proof, aim: Aim): Promise<Issued> {
  const seconds = Math.floor(ctx.clock.now().getTime() / 1000)
  const make = (scope: Scope) => currentState(ctx, payloadOf(ctx, { proof, aim, scope, seconds }), seconds)
  const state = await (aim.scope ? make(aim.scope) : (defaultScope(aim, make) ?? make({ kind: 'none' })))
  if (!state) throw authenticationFailed()
  if (proof.passcode) await usePasscode(ctx, proof.user.id, proof.passcode)
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
  const first = before?.auditIds.at(-1)
  const ends = [before?.expiresSeconds ?? seconds + tokenLifeSeconds, ...(aim.endsAt ? [secondsOf(aim.endsAt)] : [])]
  return {
    userId: aim.user.id,
    epoch: aim.user.token_epoch,
    methods,
    scope,
    ...(aim.delegation && { delegation: aim.delegation }),
    expiresSeconds: Math.min(...ends),
    auditIds: [ctx.ids.bytes(16).toString('base64url'), ...(first ? [first] : [])],
  }
}
