import type { Call } from './calls.ts'
import type { Ledger } from './ledger.ts'

/** Sends one request, with the same key each time. */
export type Send = () => Promise<Call>

export interface Repeats {
  /** Sends a request, and again as soon as it is answered or has failed. */
  twice(send: Send): Promise<void>
  /** Sends the latest ones once more, all at once: as clients do who lost their answers to a fault. */
  all(): Promise<void>
}

/** How many are sent once more after a fault. */
const most = 20

/** Whether an answer tells what became of a request, so that every repeat must get the same. Who is told 401 has not been asked what he wants. */
const settles = ({ status }: Call): boolean => status >= 200 && status < 500 && status !== 401

/** Repeats of requests that carry keys of their own. The ledger hears of each that was answered after it had been before. */
export function openRepeats({ repeats }: Pick<Ledger, 'repeats'>): Repeats {
  const latest: { readonly send: Send; first?: Call }[] = []
  const again = async (one: (typeof latest)[number]) => {
    const answer = await one.send()
    if (!settles(answer)) return
    if (one.first) repeats.push({ first: one.first, again: answer })
    else one.first = answer
  }
  return {
    async twice(send) {
      const one = { send }
      latest.push(one)
      if (latest.length > most) latest.shift()
      await again(one)
      await again(one)
    },
    all: async () => void (await Promise.all(latest.map(again))),
  }
}
