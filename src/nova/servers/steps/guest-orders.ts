import { gone } from '../../../kernel/errors.ts'
import { hostIsUp } from '../../hosts/store.ts'
import { keepConsole } from '../store.ts'
import { serverAtWork } from './server-at-work.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Work } from '../../../kernel/sagas/saga.ts'
import type { Tx } from '../../../kernel/sql/tables.ts'

/** Gives the server's host up, by a Fault of the kind `gone`, when it is not heard of any more. */
export async function assertHostIsUp(_ctx: Context, tx: Tx, { subject }: Work): Promise<void> {
  const { host } = await serverAtWork(tx, subject)
  if (!host || !(await hostIsUp(tx, host))) throw gone(`Host ${host} is down.`)
}

/** Keeps what the guest has written to its console, where the host's report says it. */
export async function keepReportedConsole(ctx: Context, tx: Tx, { subject }: Pick<Work, 'subject'>, result: unknown): Promise<void> {
  const { console: output } = (result ?? {}) as { console?: unknown }
  if (typeof output === 'string') await keepConsole(ctx, tx, subject, output)
}
