import type { Tx } from '../../../kernel/sql/tables.ts'
import { serverById } from '../store.ts'
import type { ServerRow } from '../tables.ts'

/** The server that a saga works on. Its row outlives every saga of its own: without it something is badly wrong. */
export async function serverAtWork(tx: Tx, id: string): Promise<ServerRow> {
  const server = await serverById(tx, id)
  if (!server) throw new Error(`server ${id} is gone while work on it goes on`)
  return server
}
