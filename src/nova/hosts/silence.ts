import type { Context } from '../../kernel/context.ts'
import { markSilent, readHeard, type Heard } from './silence-store.ts'

/**
 * So many looks, a second apart, find that a service has said nothing more before it is taken for dead. All speak each second; whoever
 * stalls for five lives.
 */
export const looksUntilSilent = 8

/** How often to look, and how often to speak, in milliseconds. */
export const lookEveryMs = 1000

/** Watches for services that fall silent, and marks them in their rows. */
export interface SilenceWatch {
  look(ctx: Context): Promise<void>
  /** Begins anew: what could not be seen for a while says nothing about those who were to be seen. */
  forget(): void
}

/**
 * Looks are counted; no clock is read. So a step of any clock changes nothing, and who stalled himself, or could not reach the
 * database, has looked less often. Hosts speak through the queue: their silence counts only while `hears()`.
 */
export function openSilenceWatch(hears: () => boolean): SilenceWatch {
  let before = new Map<string, Seen>()
  const seen = (heard: Heard): Seen => {
    const last = before.get(heard.id)
    const spoke = last !== undefined && !isSame(last.heard, heard)
    const isStillSilent = last !== undefined && !spoke && (heard.program !== 'nova-compute' || hears())
    return { heard, spoke, looks: isStillSilent ? last.looks + 1 : 0 }
  }
  return {
    async look(ctx) {
      const now = (await readHeard(ctx.db)).map(seen)
      before = new Map(now.map((one) => [one.heard.id, one]))
      for (const { heard, looks, spoke } of now) {
        const { program, host } = heard
        if (!heard.silent && looks >= looksUntilSilent && (await markSilent(ctx.db, heard, true)))
          ctx.log.warn({ program, host }, 'nothing is heard of a service; it is taken for dead')
        if (heard.silent && spoke) await markSilent(ctx.db, heard, false)
      }
    },
    forget() {
      before = new Map()
    },
  }
}

/** A service at one look: whether it has said something since the last one, and how many looks in a row found nothing new. */
interface Seen {
  readonly heard: Heard
  readonly spoke: boolean
  readonly looks: number
}

const isSame = (one: Heard, other: Heard): boolean => one.beats === other.beats && one.seenAt.getTime() === other.seenAt.getTime()
