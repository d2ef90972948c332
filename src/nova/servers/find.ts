import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import { notFound } from '../../kernel/errors.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { serverById, serverOfAllTimes } from './store.ts'
import type { ServerRow } from './tables.ts'

/** A server by its id. Throws `notFound`, also for one of another project, whose existence is secret. `deleted`: deleted ones too. */
export async function serverFor(ctx: CloudContext, db: Db, id: string, { deleted = false } = {}): Promise<ServerRow> {
  const server = id.length <= 36 ? await (deleted ? serverOfAllTimes(db, id) : serverById(db, id)) : undefined
  if (server && (isAdmin(ctx.subject) || server.project_id === projectOf(ctx))) return server
  throw notFound(`Instance ${id} could not be found.`)
}
