import { enforce } from '../../cloud/policy.ts'
import { isAdmin, type CloudContext } from '../../cloud/context.ts'
import { route } from '../../cloud/service.ts'
import { forbidden, invalid } from '../../kernel/errors.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { targetsOf } from '../assignments/store.ts'
import { domainFilter, domainOf } from '../domains/own.ts'
import { removeDomain } from '../domains/remove.ts'
import { collection } from '../lists.ts'
import { found } from '../refusals.ts'
import { changeProject, removeProject } from './change.ts'
import { createDomain, createProject } from './create.ts'
import { CreateProject, ProjectQuery, UpdateProject } from './schema.ts'
import { ancestorsOf, descendantsOf, listProjects, projectRow, tagsOf } from './store.ts'
import { parentsTree, projectView, subtree } from './view.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { ProjectRow } from '../tables.ts'

/** The project, if the rule allows it. A domain that is asked for as a project is in no domain, so only an admin changes it. */
export async function allowedProject(ctx: CloudContext, db: Db, rule: string, id: string): Promise<ProjectRow> {
  const row = await projectRow(db, id)
  enforce(ctx, rule, { project_id: row?.id, domain_id: row?.domain_id || undefined })
  return found(row, 'project', id)
}

const shown = async (ctx: CloudContext, db: Db, row: ProjectRow) => projectView(ctx, await tagsOf(db, [row.id]))(row)

const words = (text: string | undefined) => (text === undefined || text === '' ? undefined : text.split(','))

export const projects = [
  route('GET /v3/projects', {
    rule: 'identity:list_projects',
    query: ProjectQuery,
    run: async (ctx, db, { query }) => {
      const domainId = domainFilter(ctx.subject, query.domain_id)
      const { tags, 'tags-any': any, 'not-tags': notAll, 'not-tags-any': none, is_domain = false, ...filters } = query
      const byTags = Object.fromEntries(
        Object.entries({ all: words(tags), any: words(any), notAll: words(notAll), none: words(none) }).filter(([, names]) => names),
      )
      const rows = await listProjects(db, { ...filters, ...(domainId !== undefined && { domain_id: domainId }), is_domain, tags: byTags })
      const tagsByProject = await tagsOf(
        db,
        rows.map((row) => row.id),
      )
      return ok(collection(ctx, 'projects', rows, projectView(ctx, tagsByProject), query.limit))
    },
  }),
  route('POST /v3/projects', {
    rule: 'identity:create_project',
    body: CreateProject,
    run: async (ctx, tx, { body: { project } }) => {
      if (project.is_domain) {
        enforce(ctx, 'identity:create_domain')
        if (project.domain_id || project.parent_id)
          throw invalid('A project acting as a domain cannot have a parent or a domain of its own.')
        return created({ project: await shown(ctx, tx, await createDomain(ctx, tx, project)) })
      }
      const domainId = project.domain_id ?? (await domainOfParent(tx, project.parent_id)) ?? domainOf(ctx.subject)
      enforce(ctx, 'identity:create_project', { domain_id: domainId })
      return created({ project: await shown(ctx, tx, await createProject(ctx, tx, { project, domainId })) })
    },
  }),
  route('GET /v3/projects/:project_id', {
    rule: 'identity:get_project',
    run: async (ctx, db, { params }) => {
      const row = await allowedProject(ctx, db, 'identity:get_project', params.project_id)
      return ok({ project: { ...(await shown(ctx, db, row)), ...(await family(ctx, db, row)) } })
    },
  }),
  route('PATCH /v3/projects/:project_id', {
    rule: 'identity:update_project',
    body: UpdateProject,
    run: async (ctx, tx, { params, body }) => {
      const row = await allowedProject(ctx, tx, 'identity:update_project', params.project_id)
      return ok({ project: await shown(ctx, tx, await changeProject(ctx, tx, row, body.project)) })
    },
  }),
  route('DELETE /v3/projects/:project_id', {
    rule: 'identity:delete_project',
    run: async (ctx, tx, { params }) => {
      const row = await allowedProject(ctx, tx, 'identity:delete_project', params.project_id)
      if (row.is_domain) {
        enforce(ctx, 'identity:delete_domain')
        if (row.enabled) throw forbidden(`Cannot delete a project acting as a domain that is enabled: ${row.id}`)
        await removeDomain(ctx, tx, row)
      } else await removeProject(ctx, tx, row)
      return noContent()
    },
  }),
]

async function domainOfParent(db: Db, parentId: string | null | undefined): Promise<string | undefined> {
  const parent = parentId ? await projectRow(db, parentId) : undefined
  return parent && (parent.is_domain ? parent.id : parent.domain_id)
}

/** What the client asks to see of a project's tree. Lists hold only projects in which the user has a role, unless he is an admin. */
async function family(ctx: CloudContext, db: Db, row: ProjectRow): Promise<object> {
  const { search } = ctx.request
  const wants = (name: string) => search.has(name) && search.get(name) !== '0'
  for (const side of ['parents', 'subtree']) {
    if (wants(`${side}_as_list`) && wants(`${side}_as_ids`)) {
      throw invalid(`Cannot use ${side}_as_list and ${side}_as_ids query params at the same time.`)
    }
  }
  const [above, below] = [/parents/, /subtree/].map((side) => [...search.keys()].some((name) => side.test(name)))
  const parents = above ? (await ancestorsOf(db, row.id)).filter((one) => !one.is_domain) : []
  const children = below ? await descendantsOf(db, row.id) : []
  const seen = isAdmin(ctx.subject) || !(above || below) ? undefined : new Set(await targetsOf(db, ctx.subject.userId))
  const listed = (rows: ProjectRow[]) =>
    rows.filter((one) => !seen || seen.has(one.id)).map((one) => ({ project: projectView(ctx, new Map())(one) }))
  return {
    ...(wants('parents_as_list') && { parents: listed(parents) }),
    ...(wants('parents_as_ids') && { parents: parentsTree(parents) }),
    ...(wants('subtree_as_list') && { subtree: listed(children) }),
    ...(wants('subtree_as_ids') && { subtree: subtree(row.id, children) }),
  }
}
