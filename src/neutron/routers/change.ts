import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { RouterRow } from '../routing-tables.ts'
import { noRouter } from './refusals.ts'
import { changeRouter, type RouterFields } from './store.ts'
import { visibleRouter } from './visible.ts'

/** The asker's router, to be changed: from here on until the end of this transaction nobody else changes it. */
export async function ownRouter(ctx: CloudContext, tx: Tx, id: string, fields: RouterFields = {}): Promise<RouterRow> {
  await visibleRouter(ctx, tx, id)
  if (!(await changeRouter(ctx, tx, id, fields))) throw noRouter(id)
  return visibleRouter(ctx, tx, id)
}
