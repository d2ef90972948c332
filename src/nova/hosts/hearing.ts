import type { Context } from '../../kernel/context.ts'
import { hostsMailbox } from '../../topology/mailboxes.ts'
import type { HostReports } from './reports.ts'

/** Whether a conductor hears what hosts say: a connection alone is no proof, as the queue behind it may take nothing. */
export interface Hearing {
  /** Says a word without news into the mailbox of the hosts, for whichever conductor hears it. */
  speak(ctx: Context): void
  /** A word came out of it. */
  heard(): void
  hears(): boolean
}

/** How long a conductor trusts that it still hears, in milliseconds. All speak each two seconds, and share what is said. */
const trustMs = 5000

/** The ear of one conductor. */
export function openHearing({ clock, messaging }: Pick<Context, 'clock' | 'messaging'>, conductor: string): Hearing {
  let heardAtMs = Number.NEGATIVE_INFINITY
  return {
    speak(ctx) {
      const body: HostReports = { agent: conductor, hosts: [] }
      ctx.messaging.send(hostsMailbox, { id: ctx.ids.uuid(), body }).catch((error: Error) => {
        ctx.log.warn({ reason: error.message }, 'the mailbox of the hosts takes nothing')
      })
    },
    heard() {
      heardAtMs = clock.monotonicMs()
    },
    hears: () => messaging.healthy() && clock.monotonicMs() - heardAtMs <= trustMs,
  }
}
