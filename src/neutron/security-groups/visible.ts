import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import { notFound, type Fault } from '../../kernel/errors.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { SecurityGroupRow } from '../routing-tables.ts'
import { groupById } from './store.ts'

export const noGroup = (id: string): Fault => notFound(`Security group ${id} does not exist`, { type: 'SecurityGroupNotFound' })

/** The group, if the asker may know of it; else SecurityGroupNotFound. */
export async function visibleGroup(ctx: CloudContext, db: Db, id: string): Promise<SecurityGroupRow> {
  const group = await groupById(db, id)
  if (!group || !(isAdmin(ctx.subject) || group.project_id === projectOf(ctx))) throw noGroup(id)
  return group
}
