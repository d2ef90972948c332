import { forbidden, invalid } from '../../kernel/errors.ts'
import { extraChange, given, optionsChange } from '../attributes.ts'
import { changed } from '../memory.ts'
import { assertMutable, found, stored, unlessTaken } from '../refusals.ts'
import { recordRevocation } from '../revocations/store.ts'
import { ProjectFields, type UpdateProjectRequest } from './schema.ts'
import { deleteProjects, descendantsOf, hasChildren, projectRow, setTags, updateProject } from './store.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { ProjectRow } from '../tables.ts'

/** Changes a project or a domain; one that is disabled ends the tokens for it at once. */
export async function changeProject(ctx: Context, tx: Tx, row: ProjectRow, project: UpdateProjectRequest): Promise<ProjectRow> {
  assertMutable('update', row.is_domain ? 'domain' : 'project', row, project.options)
  assertSamePlace(row, project)
  if (project.enabled === false && row.enabled && !row.is_domain && (await descendantsOf(tx, row.id)).some((below) => below.enabled)) {
    throw forbidden(`Cannot disable project ${row.id} since its subtree contains enabled projects.`)
  }
  const change = {
    ...given(project, 'name', 'enabled'),
    ...(project.description !== undefined && { description: project.description ?? '' }),
    ...optionsChange(row.options_json, project.options),
    ...extraChange(row.extra_json, project, ProjectFields),
  }
  await unlessTaken(
    () => updateProject(tx, row.id, change),
    () => stored('project', `it is not permitted to have two projects with the same name in the same domain: ${project.name}.`),
  )
  if (project.tags) await setTags(tx, row.id, project.tags)
  changed(ctx, tx)
  return found(await projectRow(tx, row.id), 'project', row.id)
}

function assertSamePlace(row: ProjectRow, project: UpdateProjectRequest): void {
  if (project.domain_id !== undefined && (project.domain_id ?? '') !== row.domain_id) throw invalid('Update of `domain_id` is not allowed.')
  if (project.parent_id !== undefined && project.parent_id !== row.parent_id) throw forbidden('Update of `parent_id` is not allowed.')
  if (project.is_domain !== undefined && project.is_domain !== row.is_domain) throw invalid('Update of `is_domain` is not allowed.')
}

/** Removes a project that has none below it. */
export async function removeProject(ctx: Context, tx: Tx, row: ProjectRow): Promise<void> {
  assertMutable('delete', 'project', row)
  if (await hasChildren(tx, row.id)) {
    throw forbidden(
      `Cannot delete the project ${row.id} since it is not a leaf in the hierarchy. Use the cascade option if you want to delete a whole subtree.`,
    )
  }
  await deleteProjects(tx, [row.id])
  await recordRevocation(ctx, tx, 'project_id', row.id)
  changed(ctx, tx)
}
