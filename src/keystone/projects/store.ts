import '../catalog/tables.ts'
import '../tables.ts'
import { deleteApplicationCredentials } from '../application-credentials/store.ts'
import { deleteAccessTokens } from '../oauth/store.ts'
import { deleteTrusts } from '../trusts/store.ts'
import { equalTo, named, paged, type NameFilters, type Page } from '../lists.ts'
import { json, type Db, type Tx } from '../../kernel/sql/tables.ts'
import type { Context } from '../../kernel/context.ts'
import type { ProjectRow } from '../tables.ts'

/** A project or a domain. */
export const projectRow = (db: Db, id: string): Promise<ProjectRow | undefined> =>
  db.selectFrom('keystone_projects').selectAll().where('id', '=', id).executeTakeFirst()

/** By name within a domain; domains themselves are in the domain ''. */
export const projectByName = (db: Db, { domainId, name }: { domainId: string; name: string }): Promise<ProjectRow | undefined> =>
  db.selectFrom('keystone_projects').selectAll().where('domain_id', '=', domainId).where('name', '=', name).executeTakeFirst()

export interface ProjectFilters extends NameFilters, Page {
  readonly domain_id?: string
  readonly parent_id?: string
  readonly enabled?: boolean
  readonly is_domain: boolean
  /** Only these. */
  readonly ids?: readonly string[]
  /** Has all of them, any of them, not all of them, none of them. */
  readonly tags?: TagFilters
}

export interface TagFilters {
  readonly all?: readonly string[]
  readonly any?: readonly string[]
  readonly notAll?: readonly string[]
  readonly none?: readonly string[]
}

/** Projects, or domains where `is_domain` says so, in the order of their ids. */
export async function listProjects(
  db: Db,
  { domain_id, parent_id, enabled, is_domain, ids, tags = {}, ...rest }: ProjectFilters,
): Promise<ProjectRow[]> {
  if (ids?.length === 0) return []
  let query = paged(
    named(equalTo(db.selectFrom('keystone_projects as p').selectAll('p'), { domain_id, parent_id, enabled, is_domain }), rest),
    rest,
  )
  if (ids) query = query.where('p.id', 'in', ids)
  const withAll = (names: readonly string[]) =>
    db
      .selectFrom('keystone_project_tags as t')
      .select('t.project_id')
      .where('t.name', 'in', names)
      .groupBy('t.project_id')
      .having((eb) => eb.fn.countAll(), '=', new Set(names).size)
  const withAny = (names: readonly string[]) =>
    db.selectFrom('keystone_project_tags as t').select('t.project_id').where('t.name', 'in', names)
  if (tags.all) query = query.where('p.id', 'in', withAll(tags.all))
  if (tags.any) query = query.where('p.id', 'in', withAny(tags.any))
  if (tags.notAll) query = query.where('p.id', 'not in', withAll(tags.notAll))
  if (tags.none) query = query.where('p.id', 'not in', withAny(tags.none))
  return query.execute()
}

export interface NewProject {
  readonly id: string
  /** '' makes it a domain. */
  readonly domainId: string
  readonly name: string
  readonly parentId: string | null
  readonly enabled?: boolean
  readonly description?: string
  readonly options?: object
  readonly extra?: object
}

/** False: the name or the id is taken. */
export async function insertProject(ctx: Context, tx: Tx, project: NewProject): Promise<boolean> {
  const isNew = await ctx.dialect.insertIfAbsent(tx, 'keystone_projects', {
    id: project.id,
    domain_id: project.domainId,
    name: project.name,
    parent_id: project.parentId,
    is_domain: project.domainId === '',
    enabled: project.enabled ?? true,
    description: project.description ?? '',
    options_json: json(project.options ?? {}),
    extra_json: json(project.extra ?? {}),
  })
  if (!isNew || project.parentId === null) return isNew
  const above = await ancestorsOf(tx, project.parentId)
  const ancestors = [project.parentId, ...above.map((row) => row.id)]
  const rows = ancestors.map((id, index) => ({ project_id: project.id, ancestor_id: id, distance: index + 1 }))
  await tx.insertInto('keystone_project_ancestors').values(rows).execute()
  return true
}

/** What stands above a project, the nearest first, its domain last. */
export const ancestorsOf = (db: Db, id: string): Promise<ProjectRow[]> =>
  db
    .selectFrom('keystone_project_ancestors as a')
    .innerJoin('keystone_projects as p', 'p.id', 'a.ancestor_id')
    .selectAll('p')
    .where('a.project_id', '=', id)
    .orderBy('a.distance')
    .execute()

/** Everything below a project or a domain, parents before children. */
export const descendantsOf = (db: Db, id: string): Promise<ProjectRow[]> =>
  db
    .selectFrom('keystone_project_ancestors as a')
    .innerJoin('keystone_projects as p', 'p.id', 'a.project_id')
    .selectAll('p')
    .where('a.ancestor_id', '=', id)
    .orderBy('a.distance')
    .orderBy('p.id')
    .execute()

export async function hasChildren(db: Db, id: string): Promise<boolean> {
  return (await db.selectFrom('keystone_projects').select('id').where('parent_id', '=', id).limit(1).executeTakeFirst()) !== undefined
}

export interface ProjectChange {
  readonly name?: string
  readonly enabled?: boolean
  readonly description?: string
  readonly options_json?: string
  readonly extra_json?: string
}

export async function updateProject(tx: Tx, id: string, change: ProjectChange): Promise<void> {
  if (Object.keys(change).length > 0) await tx.updateTable('keystone_projects').set(change).where('id', '=', id).execute()
}

/** Removes projects or domains and what hangs on them alone: tags, assignments, limits. */
export async function deleteProjects(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.deleteFrom('keystone_project_tags').where('project_id', 'in', ids).execute()
  await tx.deleteFrom('keystone_project_ancestors').where('project_id', 'in', ids).execute()
  await tx.deleteFrom('keystone_assignments').where('target_id', 'in', ids).execute()
  await tx.deleteFrom('keystone_limits').where('owner_id', 'in', ids).execute()
  await tx.deleteFrom('keystone_credentials').where('project_id', 'in', ids).execute()
  await tx.deleteFrom('keystone_domain_options').where('domain_id', 'in', ids).execute()
  await tx.deleteFrom('keystone_project_endpoints').where('project_id', 'in', ids).execute()
  await tx.deleteFrom('keystone_project_endpoint_groups').where('project_id', 'in', ids).execute()
  await deleteApplicationCredentials(tx, 'project', ids)
  await deleteTrusts(tx, 'project', ids)
  await deleteAccessTokens(tx, 'project_id', ids)
  await tx.updateTable('keystone_users').set({ default_project_id: null }).where('default_project_id', 'in', ids).execute()
  await tx.deleteFrom('keystone_projects').where('id', 'in', ids).execute()
}

/** The tags of many projects at once. */
export async function tagsOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  const tags = new Map<string, string[]>(ids.map((id) => [id, []]))
  if (ids.length === 0) return tags
  const rows = await db.selectFrom('keystone_project_tags').selectAll().where('project_id', 'in', ids).orderBy('name').execute()
  for (const row of rows) tags.get(row.project_id)!.push(row.name)
  return tags
}

export async function setTags(tx: Tx, projectId: string, names: readonly string[]): Promise<void> {
  await tx.deleteFrom('keystone_project_tags').where('project_id', '=', projectId).execute()
  if (names.length === 0) return
  await tx
    .insertInto('keystone_project_tags')
    .values(names.map((name) => ({ project_id: projectId, name })))
    .execute()
}

export const addTag = (ctx: Context, tx: Tx, projectId: string, name: string): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'keystone_project_tags', { project_id: projectId, name })

/** False: it was not there. */
export async function removeTag(tx: Tx, projectId: string, name: string): Promise<boolean> {
  const result = await tx
    .deleteFrom('keystone_project_tags')
    .where('project_id', '=', projectId)
    .where('name', '=', name)
    .executeTakeFirst()
  return Number(result.numDeletedRows) === 1
}
