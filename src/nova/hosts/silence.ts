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
  let before = new Map<string, { readonly heard: Heard; readonly looks: number }>()
  const looksAt = (heard: Heard): number => {
    const last = before.get(heard.id)
    const canBeHeard = heard.program !== 'nova-compute' || hears()
    return last && canBeHeard && isSame(last.heard, heard) ? last.looks + 1 : 0
  }
  return {
    async look(ctx) {
      const now = (await readHeard(ctx.db)).map((heard) => ({
        heard,
        looks: looksAt(heard),
        spoke: hasSpoken(before.get(heard.id)?.heard, heard),
      }))
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

const isSame = (one: Heard, other: Heard): boolean => one.beats === other.beats && one.seenAt.getTime() === other.seenAt.getTime()

const hasSpoken = (before: Heard | undefined, now: Heard): boolean => before !== undefined && !isSame(before, now)
