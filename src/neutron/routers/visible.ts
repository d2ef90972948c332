import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { RouterRow } from '../routing-tables.ts'
import { noRouter } from './refusals.ts'
import { routerById } from './store.ts'

/** The router, if it is the asker's; else RouterNotFound. */
export async function visibleRouter(ctx: CloudContext, db: Db, id: string): Promise<RouterRow> {
  const router = await routerById(db, id)
  if (!router || !(isAdmin(ctx.subject) || router.project_id === projectOf(ctx))) throw noRouter(id)
  return router
}
