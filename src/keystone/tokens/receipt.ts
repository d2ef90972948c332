import { unauthenticated } from '../../kernel/errors.ts'
import { openToken, sealToken } from '../keys/ring.ts'
import { projectRow } from '../projects/store.ts'
import { factorRules } from './factors.ts'
import { packReceipt, unpackReceipt, type Method } from './payload.ts'
import { momentText } from './view.ts'
import type { Context } from '../../kernel/context.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { UserRow } from '../tables.ts'

/** The header in which a receipt comes and goes. */
export const receiptHeader = 'openstack-auth-receipt'

/** How long somebody has to prove the rest, in seconds. */
const receiptLifeSeconds = 300

/** What he gets who proved a part of what is asked of him: with it, the rest is enough. */
export interface Receipt {
  readonly receipt: string
  readonly document: object
}

/** Makes a receipt. Like a token it needs no row, and is good on every instance. */
export async function issueReceipt(ctx: Context, { user, methods }: { user: UserRow; methods: readonly Method[] }): Promise<Receipt> {
  const seconds = Math.floor(ctx.clock.now().getTime() / 1000)
  const expiresSeconds = seconds + receiptLifeSeconds
  const payload = packReceipt({ userId: user.id, epoch: user.token_epoch, methods, expiresSeconds })
  const domain = await projectRow(ctx.db, user.domain_id)
  const document = {
    receipt: {
      methods,
      user: { id: user.id, name: user.name, domain: { id: user.domain_id, name: domain?.name } },
      expires_at: momentText(expiresSeconds),
      issued_at: momentText(seconds),
    },
    required_auth_methods: factorRules(user.options_json).filter((rule) => rule.some((method) => methods.includes(method))),
  }
  return { receipt: await sealToken(ctx, { payload, seconds }), document }
}

/** The methods that the request's receipt stands for; none without one. Refuses one that is over or somebody else's. */
export async function methodsByReceipt(ctx: RequestContext, user: UserRow): Promise<readonly Method[]> {
  const receipt = ctx.request.headers[receiptHeader]
  if (typeof receipt !== 'string' || receipt === '') return []
  const opened = await openToken(ctx, receipt)
  const known = opened && unpackReceipt(opened.payload)
  const isGood = known?.userId === user.id && known.epoch === user.token_epoch
  if (!isGood || ctx.clock.now().getTime() >= known.expiresSeconds * 1000) throw unauthenticated(`Could not find auth receipt: ${receipt}.`)
  return known.methods
}
