import { checkOf } from '../../kernel/http/schema.ts'
import { forWork, type Context } from '../../kernel/context.ts'
import type { Background } from '../../kernel/again-and-again.ts'
import { receiveHostReports } from './receive-reports.ts'
import { hostsMailbox } from '../../topology/mailboxes.ts'
import { HostReports } from './reports.ts'

/** What is told of the guests that a host says it has. */
export type OnGuests = (ctx: Context, host: string, guests: readonly { readonly id: string; readonly fence: number }[]) => Promise<unknown>

/** Listens to what agents say of their hosts, until stopped. Every controller that plays nova-conductor does. */
export async function openHostIntake(
  base: Context,
  onGuests: OnGuests = async () => {},
  heard: () => void = () => {},
): Promise<Background> {
  return base.messaging.receive(hostsMailbox, { concurrency: 2 }, async (message) => {
    heard()
    const ctx = forWork(base, `req-${base.ids.uuid()}`)
    const problem = checkOf(HostReports, 'body', undefined)(message.body)
    if (problem) {
      ctx.log.error({ message: message.id, path: problem.path.join('/'), broken: problem.keyword }, 'a report of hosts can not be read')
      return
    }
    const reports = message.body as HostReports
    await receiveHostReports(ctx, reports)
    for (const { name, guests } of reports.hosts) if (guests) await onGuests(ctx, name, guests)
  })
}
