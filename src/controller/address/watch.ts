import { networkInterfaces } from 'node:os'
import { againAndAgain, type Background } from '../../kernel/again-and-again.ts'
import type { Context } from '../../kernel/context.ts'
import type { HealthCheck } from '../../kernel/http/health.ts'
import { addressHolders, dropAddress, holdAddress } from './store.ts'

const everyMs = 1000
/** A holder that said nothing for so long holds it no more. */
const seconds = 3

export interface AddressWatch extends Background {
  readonly check: HealthCheck
}

/**
 * Sees whether two machines have the cloud's floating address. VRRP knows no majority: where balancers can't hear each other, each
 * takes it. Nothing depends on it for exclusion, but some clients then reach the one and some the other, and a person should know.
 */
export function watchAddress(ctx: Context, { address, controller }: { address: string; controller: string }): AddressWatch {
  let holders: readonly string[] = []
  let held = false
  const look = async () => {
    const has = hasAddress(address)
    if (has) await holdAddress(ctx, controller)
    else if (held) await dropAddress(ctx, controller)
    held = has
    const before = holders.length
    holders = await addressHolders(ctx, { seconds })
    if (holders.length > 1 && holders.length !== before) ctx.log.warn({ address, holders }, "several machines have the cloud's address")
  }
  const looking = againAndAgain(ctx, everyMs, () =>
    look().catch((error: Error) => ctx.log.warn({ reason: error.message }, 'who holds the address can not be told')),
  )
  return {
    check: async () => (holders.length > 1 ? `${holders.join(' and ')} both have ${address}` : 'ok'),
    async stop() {
      await looking.stop()
      if (held) await dropAddress(ctx, controller).catch(() => {})
    },
  }
}

const hasAddress = (address: string): boolean =>
  Object.values(networkInterfaces())
    .flat()
    .some((one) => one?.address === address)
