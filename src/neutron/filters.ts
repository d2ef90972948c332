import { sql, type SelectQueryBuilder } from 'kysely'
import { invalid } from '../kernel/errors.ts'
import { flagOf } from './values.ts'
import type { ListedColumn, ListedResource } from './listing.ts'

export type FilterQuery = SelectQueryBuilder<any, any, any>

/** Parameters of a list that are no filters. */
const notFilters = new Set(['fields', 'sort_key', 'sort_dir', 'limit', 'marker', 'page_reverse', 'changed_since', 'verbose'])

/** Narrows a list by every filter of the query string. A name that is no attribute is refused. */
export function filtered(query: FilterQuery, search: URLSearchParams, resource: ListedResource): FilterQuery {
  const table = resource.table as string
  const unknown: string[] = []
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name)
    if (notFilters.has(name)) continue
    if (Object.hasOwn(tagFilters, name)) query = tagFilters[name]!(query, `${table}.id`, tagsOf(values))
    else if (resource.filters && Object.hasOwn(resource.filters, name)) query = resource.filters[name]!(query, values)
    else if (Object.hasOwn(resource.columns, name)) query = byColumn(query, table, resource.columns[name]!, values)
    else unknown.push(name)
  }
  if (unknown.length > 0)
    throw invalid(`[${unknown.map((name) => `'${name.slice(0, 64)}'`).join(', ')}] is invalid attribute for filtering`)
  return query
}

function byColumn(query: FilterQuery, table: string, { column, kind, nullable }: ListedColumn, values: readonly string[]): FilterQuery {
  const name = `${table}.${column}`
  if (column === 'created_at' || column === 'updated_at') return query.where(name, 'in', values.map(timeOf))
  if (kind === 'flag') return query.where(name, 'in', values.map(asFlag))
  if (kind === 'number') return query.where(name, 'in', values.map(asNumber))
  if (nullable && values.includes('')) return query.where((eb: any) => eb.or([eb(name, 'is', null), eb(name, 'in', [...values])]))
  return query.where(name, 'in', [...values])
}

function asFlag(value: string): boolean {
  if (!/^(true|false|yes|no|on|off|t|f|y|n|1|0)$/i.test(value)) throw badFilter(`'${value.slice(0, 64)}' cannot be converted to boolean`)
  return flagOf(value)
}

function asNumber(value: string): number {
  if (!/^-?\d{1,10}$/.test(value)) throw badFilter(`'${value.slice(0, 64)}' is not an integer`)
  return Number(value)
}

const badFilter = (message: string) => invalid(`Invalid input for operation: ${message}.`, { type: 'InvalidInput' })

const tagsOf = (values: readonly string[]): string[] => values.flatMap((value) => value.split(',')).filter((tag) => tag !== '')

const withTag = (id: string, tags: readonly string[]) =>
  sql<boolean>`exists (select 1 from neutron_tags where neutron_tags.resource_id = ${sql.ref(id)} and neutron_tags.tag in (${sql.join(tags)}))`

// `tags`: all of them; `not-tags`: not all of them; the `-any` forms: one of them, none of them.
const tagFilters: Record<string, (query: FilterQuery, id: string, tags: readonly string[]) => FilterQuery> = {
  tags: (query, id, tags) => tags.reduce<FilterQuery>((narrowed, tag) => narrowed.where(withTag(id, [tag])), query),
  'tags-any': (query, id, tags) => (tags.length === 0 ? query : query.where(withTag(id, tags))),
  'not-tags': (query, id, tags) =>
    tags.length === 0 ? query : query.where((eb: any) => eb.not(eb.and(tags.map((tag) => withTag(id, [tag]))))),
  'not-tags-any': (query, id, tags) => (tags.length === 0 ? query : query.where((eb: any) => eb.not(withTag(id, tags)))),
}

/** Narrows a list to what changed at or after `changed_since`. */
export function changedSince(query: FilterQuery, search: URLSearchParams, table: string): FilterQuery {
  const since = search.get('changed_since')
  return since === null ? query : query.where(`${table}.updated_at`, '>=', timeOf(since))
}

function timeOf(text: string): Date {
  const isTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.test(text)
  const time = new Date(isTime && !/(Z|[+-]\d\d:?\d\d)$/.test(text) ? `${text.replace(' ', 'T')}Z` : text)
  if (!isTime || Number.isNaN(time.getTime())) {
    throw badFilter('The input changed_since must be in the following format: YYYY-MM-DDTHH:MM:SS[Z]')
  }
  return time
}
