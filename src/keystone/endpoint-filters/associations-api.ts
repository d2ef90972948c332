import { route } from '../../cloud/service.ts'
import { notFound } from '../../kernel/errors.ts'
import { noContent, ok } from '../../kernel/http/answer.ts'
import { endpointById } from '../endpoints/store.ts'
import { endpointView } from '../endpoints/view.ts'
import { collection, link } from '../lists.ts'
import { changed } from '../memory.ts'
import { listProjects, projectRow, tagsOf } from '../projects/store.ts'
import { projectView } from '../projects/view.ts'
import { found } from '../refusals.ts'
import { theGroup } from './api.ts'
import {
  endpointsGivenTo,
  endpointsIn,
  give,
  groupsOf,
  isGiven,
  projectsFor,
  projectsWith,
  take,
  type Given,
} from './associations-store.ts'
import { endpointGroupView } from './view.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { Db } from '../../kernel/sql/tables.ts'

const theProject = async (db: Db, id: string) => found(await projectRow(db, id), 'project', id)
const theEndpoint = async (db: Db, id: string) => found(await endpointById(db, id), 'endpoint', id)

async function ofGroup(db: Db, { project_id, endpoint_group_id }: { project_id: string; endpoint_group_id: string }): Promise<Given> {
  return { projectId: (await theProject(db, project_id)).id, id: (await theGroup(db, endpoint_group_id)).id }
}

async function ofEndpoint(db: Db, { project_id, endpoint_id }: { project_id: string; endpoint_id: string }): Promise<Given> {
  return { projectId: (await theProject(db, project_id)).id, id: (await theEndpoint(db, endpoint_id)).id }
}

const notThere = ({ projectId, id }: Given, what: string) => notFound(`Could not find ${what} ${id} in project ${projectId}.`)

async function projectsShown(ctx: RequestContext, db: Db, ids: readonly string[]): Promise<object> {
  const rows = ids.length === 0 ? [] : await listProjects(db, { is_domain: false, ids: [...ids] })
  return collection(ctx, 'projects', rows, projectView(ctx, await tagsOf(db, ids)))
}

/** Which projects see which endpoints: those that were given none see them all. */
export const endpointAssociations = [
  route('GET /v3/OS-EP-FILTER/endpoint_groups/:endpoint_group_id/endpoints', {
    rule: 'identity:list_endpoints_associated_with_endpoint_group',
    run: async (ctx, db, { params }) => {
      const rows = await endpointsIn(db, await theGroup(db, params.endpoint_group_id))
      return ok(collection(ctx, 'endpoints', rows, endpointView(ctx)))
    },
  }),
  route('GET /v3/OS-EP-FILTER/endpoint_groups/:endpoint_group_id/projects', {
    rule: 'identity:list_projects_associated_with_endpoint_group',
    run: async (ctx, db, { params }) => {
      const { id } = await theGroup(db, params.endpoint_group_id)
      return ok(await projectsShown(ctx, db, await projectsWith(db, 'group', id)))
    },
  }),
  route('GET /v3/OS-EP-FILTER/endpoint_groups/:endpoint_group_id/projects/:project_id', {
    rule: 'identity:get_endpoint_group_in_project',
    run: async (ctx, db, { params }) => {
      const given = await ofGroup(db, params)
      if (!(await isGiven(db, 'group', given))) throw notThere(given, 'endpoint group')
      const { endpoint_group_id, project_id } = params
      const links = link(ctx, `OS-EP-FILTER/endpoint_groups/${endpoint_group_id}/projects`, project_id)
      return ok({ project_endpoint_group: { endpoint_group_id, project_id, links } })
    },
  }),
  route('PUT /v3/OS-EP-FILTER/endpoint_groups/:endpoint_group_id/projects/:project_id', {
    rule: 'identity:add_endpoint_group_to_project',
    run: async (ctx, tx, { params }) => {
      await give(ctx, tx, 'group', await ofGroup(tx, params))
      changed(ctx, tx)
      return noContent()
    },
  }),
  route('DELETE /v3/OS-EP-FILTER/endpoint_groups/:endpoint_group_id/projects/:project_id', {
    rule: 'identity:remove_endpoint_group_from_project',
    run: async (ctx, tx, { params }) => {
      const given = await ofGroup(tx, params)
      if (!(await take(tx, 'group', given))) throw notThere(given, 'endpoint group')
      changed(ctx, tx)
      return noContent()
    },
  }),
  route('GET /v3/OS-EP-FILTER/endpoints/:endpoint_id/projects', {
    rule: 'identity:list_projects_for_endpoint',
    run: async (ctx, db, { params }) => ok(await projectsShown(ctx, db, await projectsFor(db, await theEndpoint(db, params.endpoint_id)))),
  }),
  route('GET /v3/OS-EP-FILTER/projects/:project_id/endpoint_groups', {
    rule: 'identity:list_endpoint_groups_for_project',
    run: async (ctx, db, { params }) => {
      const { id } = await theProject(db, params.project_id)
      return ok(collection(ctx, 'endpoint_groups', await groupsOf(db, id), endpointGroupView(ctx)))
    },
  }),
  route('GET /v3/OS-EP-FILTER/projects/:project_id/endpoints', {
    rule: 'identity:list_endpoints_for_project',
    run: async (ctx, db, { params }) => {
      const { id } = await theProject(db, params.project_id)
      return ok(collection(ctx, 'endpoints', await endpointsGivenTo(db, id), endpointView(ctx)))
    },
  }),
  route('GET /v3/OS-EP-FILTER/projects/:project_id/endpoints/:endpoint_id', {
    rule: 'identity:check_endpoint_in_project',
    run: async (_ctx, db, { params }) => {
      const given = await ofEndpoint(db, params)
      if (!(await isGiven(db, 'endpoint', given))) throw notThere(given, 'endpoint')
      return noContent()
    },
  }),
  route('PUT /v3/OS-EP-FILTER/projects/:project_id/endpoints/:endpoint_id', {
    rule: 'identity:add_endpoint_to_project',
    run: async (ctx, tx, { params }) => {
      await give(ctx, tx, 'endpoint', await ofEndpoint(tx, params))
      changed(ctx, tx)
      return noContent()
    },
  }),
  route('DELETE /v3/OS-EP-FILTER/projects/:project_id/endpoints/:endpoint_id', {
    rule: 'identity:remove_endpoint_from_project',
    run: async (ctx, tx, { params }) => {
      const given = await ofEndpoint(tx, params)
      if (!(await take(tx, 'endpoint', given))) throw notThere(given, 'endpoint')
      changed(ctx, tx)
      return noContent()
    },
  }),
]
