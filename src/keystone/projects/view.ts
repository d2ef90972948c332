import { link } from '../lists.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { ProjectRow } from '../tables.ts'

type Tags = ReadonlyMap<string, readonly string[]>

export const projectView = (ctx: RequestContext, tags: Tags) => (row: ProjectRow) => ({
  ...row.extra_json,
  id: row.id,
  name: row.name,
  domain_id: row.domain_id === '' ? null : row.domain_id,
  description: row.description,
  enabled: row.enabled,
  parent_id: row.parent_id,
  is_domain: row.is_domain,
  tags: tags.get(row.id) ?? [],
  options: row.options_json,
  links: link(ctx, 'projects', row.id),
})

export const domainView = (ctx: RequestContext, tags: Tags) => (row: ProjectRow) => ({
  ...row.extra_json,
  id: row.id,
  name: row.name,
  description: row.description,
  enabled: row.enabled,
  tags: tags.get(row.id) ?? [],
  options: row.options_json,
  links: link(ctx, 'domains', row.id),
})

/** Ids nested in ids, as `parents_as_ids` and `subtree_as_ids` show them; null where nothing is. */
export type IdTree = { readonly [id: string]: IdTree } | null

/** The line upwards: { parent: { grandparent: null } }. */
export const parentsTree = (parents: readonly ProjectRow[]): IdTree =>
  parents.reduceRight<IdTree>((above, row) => ({ [row.id]: above }), null)

/** What lies below a project; `rows` are all of it. */
export function subtree(id: string, rows: readonly ProjectRow[]): IdTree {
  const children = rows.filter((row) => row.parent_id === id)
  return children.length === 0 ? null : Object.fromEntries(children.map((row) => [row.id, subtree(row.id, rows)]))
}
