import type { DrillContext } from './context.ts'
import type { Ledger } from './ledger.ts'
import { type Session, tokenIn } from './session.ts'

/** How long a token is used, in milliseconds. By then keys may have rotated several times since it was made. */
const usedMs = 60_000

/** One of so many log-ins is by password: its hash is what costs. */
const byPasswordEvery = 5

export interface Tokens {
  /** Logs in once more, wherever the balancer sends that. */
  mint(turn: number): Promise<void>
  /** One of the tokens of the last minute; undefined while there is none. */
  any(): string | undefined
}

/** Tokens that come and go. Whichever instance made one, every instance must take it. */
export function openTokens(
  { clock, ids }: Pick<DrillContext, 'clock' | 'ids'>,
  { session, ledger }: { session: Session; ledger: Ledger },
): Tokens {
  let minted: { readonly token: string; readonly atMs: number }[] = []
  const any = () => {
    minted = minted.filter(({ atMs }) => clock.monotonicMs() - atMs < usedMs)
    return minted[Math.floor(ids.chance() * minted.length)]?.token
  }
  return {
    any,
    async mint(turn) {
      const answer = ledger.keep(await session.logIn(turn % byPasswordEvery === 0 ? undefined : any()))
      if (answer.status === 201) minted.push({ token: tokenIn(answer), atMs: answer.endedMs })
    },
  }
}
