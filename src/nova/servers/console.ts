import { conflict } from '../../kernel/errors.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { serverFor } from './find.ts'
import { consoleOf } from './store.ts'

/** The last lines of what the guest wrote to its console, as its host reported it last; all of them for null and -1. */
export async function consoleOutput(ctx: CloudContext, db: Db, id: string, length: number | string | null): Promise<string> {
  const server = await serverFor(ctx, db, id)
  if (!server.host || server.vm_state === 'building') throw conflict(`Instance ${id} is not ready`)
  const output = (await consoleOf(db, id)) ?? ''
  const lines = length === null ? -1 : Number(length)
  if (lines === 0) return ''
  return lines < 0 ? output : output.split('\n').slice(-lines).join('\n')
}
