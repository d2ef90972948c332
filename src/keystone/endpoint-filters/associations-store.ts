import '../catalog/tables.ts'
import { matches } from './filters.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { EndpointGroupRow, EndpointRow } from '../catalog/tables.ts'

/** What may be given to a project, and the column that names it. */
const tables = {
  endpoint: ['keystone_project_endpoints', 'endpoint_id'],
  group: ['keystone_project_endpoint_groups', 'group_id'],
} as const

export type Kind = keyof typeof tables

export interface Given {
  readonly projectId: string
  readonly id: string
}

export async function give(ctx: Context, tx: Tx, kind: Kind, { projectId, id }: Given): Promise<boolean> {
  if (kind === 'endpoint') return ctx.dialect.insertIfAbsent(tx, tables.endpoint[0], { project_id: projectId, endpoint_id: id })
  return ctx.dialect.insertIfAbsent(tx, tables.group[0], { project_id: projectId, group_id: id })
}

export async function isGiven(db: Db, kind: Kind, { projectId, id }: Given): Promise<boolean> {
  const [table, column] = tables[kind]
  return (
    (await db.selectFrom(table).select('project_id').where('project_id', '=', projectId).where(column, '=', id).executeTakeFirst()) !==
    undefined
  )
}

/** False: the project did not have it. */
export async function take(tx: Tx, kind: Kind, { projectId, id }: Given): Promise<boolean> {
  const [table, column] = tables[kind]
  const result = await tx.deleteFrom(table).where('project_id', '=', projectId).where(column, '=', id).executeTakeFirst()
  return Number(result.numDeletedRows) === 1
}

/** Ids of the projects that have it. */
export async function projectsWith(db: Db, kind: Kind, id: string): Promise<string[]> {
  const [table, column] = tables[kind]
  return (await db.selectFrom(table).select('project_id').where(column, '=', id).execute()).map((row) => row.project_id)
}

export const groupsOf = (db: Db, projectId: string): Promise<EndpointGroupRow[]> =>
  db
    .selectFrom('keystone_project_endpoint_groups as of')
    .innerJoin('keystone_endpoint_groups as g', 'g.id', 'of.group_id')
    .selectAll('g')
    .where('of.project_id', '=', projectId)
    .orderBy('g.id')
    .execute()

const allEndpoints = (db: Db): Promise<EndpointRow[]> => db.selectFrom('keystone_endpoints').selectAll().orderBy('id').execute()

export const endpointsIn = async (db: Db, { filters_json }: EndpointGroupRow): Promise<EndpointRow[]> =>
  (await allEndpoints(db)).filter((endpoint) => matches(filters_json, endpoint))

const groupsByProject = (db: Db) =>
  db
    .selectFrom('keystone_project_endpoint_groups as of')
    .innerJoin('keystone_endpoint_groups as g', 'g.id', 'of.group_id')
    .select(['of.project_id', 'g.filters_json'])
    .execute()

/** The endpoints that a project was given, one by one or by groups. */
export async function endpointsGivenTo(db: Db, projectId: string): Promise<EndpointRow[]> {
  const ids = (await endpointsByProject(db)).get(projectId)
  return ids ? (await allEndpoints(db)).filter((endpoint) => ids.has(endpoint.id)) : []
}

/** Ids of the projects that have an endpoint, by itself or by a group. */
export async function projectsFor(db: Db, endpoint: EndpointRow): Promise<string[]> {
  const byGroup = (await groupsByProject(db)).filter((group) => matches(group.filters_json, endpoint))
  return [...new Set([...(await projectsWith(db, 'endpoint', endpoint.id)), ...byGroup.map((group) => group.project_id)])]
}

/** The ids of the endpoints of each project that was given any; the catalogs of all other projects have them all. */
export async function endpointsByProject(db: Db): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const own = await db.selectFrom('keystone_project_endpoints').selectAll().execute()
  const groups = await groupsByProject(db)
  const endpoints = groups.length > 0 ? await allEndpoints(db) : []
  const given = new Map<string, Set<string>>()
  const of = (projectId: string) => given.get(projectId) ?? given.set(projectId, new Set()).get(projectId)!
  for (const row of own) of(row.project_id).add(row.endpoint_id)
  for (const { project_id, filters_json } of groups)
    for (const id of endpoints.filter((one) => matches(filters_json, one)).map((one) => one.id)) of(project_id).add(id)
  return given
}
