import { forbidden } from '../../kernel/errors.ts'
import { deleteGroups, groupIdsOf } from '../groups/store.ts'
import { changed } from '../memory.ts'
import { deleteProjects, descendantsOf } from '../projects/store.ts'
import { assertMutable } from '../refusals.ts'
import { deleteRoles, roleIdsOf } from '../roles/store.ts'
import { deleteUsers, userIdsOf } from '../users/store.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { ProjectRow } from '../tables.ts'

/** Removes a disabled domain with everything in it: users, groups, projects, roles. */
export async function removeDomain(ctx: Context, tx: Tx, row: ProjectRow): Promise<void> {
  assertMutable('delete', 'domain', row)
  if (row.enabled) throw forbidden('Cannot delete a domain that is enabled, please disable it first.')
  const projects = await descendantsOf(tx, row.id)
  await deleteUsers(tx, await userIdsOf(tx, row.id))
  await deleteGroups(tx, await groupIdsOf(tx, row.id))
  await deleteRoles(tx, await roleIdsOf(tx, row.id))
  await deleteProjects(tx, [...projects.map((project) => project.id), row.id])
  changed(ctx, tx)
}
