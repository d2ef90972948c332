import { forbidden, invalid } from '../../kernel/errors.ts'
import { extraOf, mergedOptions } from '../attributes.ts'
import { couldNotFind, stored } from '../refusals.ts'
import { ProjectFields, type CreateProjectRequest } from './schema.ts'
import { ancestorsOf, insertProject, projectByName, projectRow, setTags } from './store.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { ProjectRow } from '../tables.ts'

/** How deep projects may lie in each other, the domain counted. */
const maxDepth = 5

/** Makes a project below its parent, or below its domain where it has none. */
export async function createProject(
  ctx: Context,
  tx: Tx,
  { project, domainId }: { project: CreateProjectRequest; domainId: string },
): Promise<ProjectRow> {
  const parentId = project.parent_id ?? domainId
  const parent = await projectRow(tx, parentId)
  if (!parent) throw couldNotFind(project.parent_id ? 'project' : 'domain', parentId)
  if (!project.parent_id && !parent.is_domain) throw couldNotFind('domain', parentId)
  if ((parent.is_domain ? parent.id : parent.domain_id) !== domainId) {
    throw invalid(
      `Cannot create project, since it specifies its domain_id ${domainId}, but specifies a parent in a different domain (${parent.domain_id || parent.id}).`,
    )
  }
  const above = await ancestorsOf(tx, parent.id)
  if (!parent.enabled || above.some((row) => !row.enabled))
    throw forbidden(`Cannot create project in a branch containing a disabled project: ${parent.id}`)
  if (above.length + 2 > maxDepth) throw forbidden(`Max hierarchy depth reached for ${parent.id} branch.`)
  return insert(ctx, tx, { project, domainId, parentId })
}

/** Makes a domain: a project that belongs to none. */
export const createDomain = (ctx: Context, tx: Tx, project: CreateProjectRequest, id?: string): Promise<ProjectRow> =>
  insert(ctx, tx, { project, domainId: '', parentId: null, id })

type Place = { project: CreateProjectRequest; domainId: string; parentId: string | null; id?: string | undefined }

async function insert(ctx: Context, tx: Tx, { project, domainId, parentId, id = ctx.ids.hex() }: Place): Promise<ProjectRow> {
  const isNew = await insertProject(ctx, tx, {
    id,
    domainId,
    parentId,
    name: project.name,
    enabled: project.enabled ?? true,
    description: project.description ?? '',
    options: mergedOptions({}, project.options),
    extra: extraOf(project, ProjectFields),
  })
  if (!isNew) throw await takenBy(tx, { domainId, name: project.name, id })
  if (project.tags?.length) await setTags(tx, id, project.tags)
  return (await projectRow(tx, id))!
}

/** keystone's refusal of a name that is taken. */
export async function takenBy(tx: Tx, { domainId, name, id }: { domainId: string; name: string; id: string }) {
  if (domainId === '') return stored('project', `it is not permitted to have two projects acting as domains with the same name: ${name}.`)
  const other = await projectByName(tx, { domainId, name })
  const why = 'it is not permitted to have two projects with either the same name or same id in the same domain'
  return stored('project', `${why}: name is ${name}, project id ${other?.id ?? id}.`)
}
