import { againAndAgain, type Background } from '../kernel/again-and-again.ts'
import type { Caller } from './calls.ts'
import type { DrillContext } from './context.ts'
import type { Ledger } from './ledger.ts'

/** How often to look, in milliseconds: who is taken for dead for a shorter time may be missed. */
const everyMs = 200

/** Looks again and again whom the cloud takes for dead, and writes it into the ledger. */
export function startWatchingServices(
  { clock }: Pick<DrillContext, 'clock'>,
  { asAdmin, ledger }: { asAdmin: Caller; ledger: Pick<Ledger, 'looks'> },
): Background {
  const look = async () => {
    const { status, body, endedMs } = await asAdmin('GET', '/compute/v2.1/os-services')
    if (status !== 200) return
    const down = (body.services as { binary: string; host: string; state: string }[]).filter(({ state }) => state === 'down')
    ledger.looks.push({ atMs: endedMs, down: down.map(({ binary: program, host }) => ({ program, host })) })
  }
  return againAndAgain({ clock }, everyMs, look)
}
