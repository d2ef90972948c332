import { afterMarker, sortedBy, type SortKey } from '../cloud/paging.ts'
import { changedSince, filtered, type FilterQuery } from './filters.ts'
import { pageLinks, readPage, readSorts } from './pages.ts'
import type { CloudContext } from '../cloud/context.ts'
import type { Fault } from '../kernel/errors.ts'
import type { Db, Tables } from '../kernel/sql/tables.ts'

/** What lists need to know of an attribute: its column, and how to read a filter's text. */
export interface ListedColumn {
  readonly column: string
  readonly kind: 'text' | 'number' | 'flag'
  /** Whether it may be null; such a column can't be sorted by. */
  readonly nullable?: boolean
}

/** A collection as its list shows it. */
export interface ListedResource {
  readonly table: keyof Tables
  /** Its key in the answer: `networks`, `security_groups`. */
  readonly collection: string
  /** By the attribute's name on the wire: what can be filtered and sorted by. */
  readonly columns: Readonly<Record<string, ListedColumn>>
  /** Filters that are more than a comparison with a column. */
  readonly filters?: Readonly<Record<string, (query: FilterQuery, values: readonly string[]) => FilterQuery>>
  /** The refusal of a marker that names nothing. */
  notFound(id: string): Fault
}

export const text = (column: string): ListedColumn => ({ column, kind: 'text' })
export const nullableText = (column: string): ListedColumn => ({ column, kind: 'text', nullable: true })
export const number = (column: string): ListedColumn => ({ column, kind: 'number' })
export const nullableNumber = (column: string): ListedColumn => ({ column, kind: 'number', nullable: true })
export const flag = (column: string): ListedColumn => ({ column, kind: 'flag' })

/** The attributes that every resource with standard attributes can be filtered by. */
export const standardColumns = {
  id: text('id'),
  name: text('name'),
  description: nullableText('description'),
  project_id: text('project_id'),
  tenant_id: text('project_id'),
  revision_number: number('revision_number'),
  created_at: text('created_at'),
  updated_at: text('updated_at'),
} satisfies Record<string, ListedColumn>

/**
 * The answer of a list: filters by any attribute (repeated: any of them), `sort_key`/`sort_dir`, `limit`/`marker`/
 * `page_reverse` with links, and `fields`. `visible` leaves in the query what the asker may see; `views` makes the
 * wire form of the page's rows, in a constant number of queries.
 */
export async function listAnswer<Row>(
  ctx: CloudContext,
  db: Db,
  resource: ListedResource,
  { visible, views }: { visible: (query: FilterQuery) => FilterQuery; views: (db: Db, rows: Row[]) => Promise<readonly object[]> },
): Promise<Record<string, unknown>> {
  const { search } = ctx.request
  const sorts = readSorts(search, resource)
  const page = readPage(search)
  const table = resource.table as string
  let query: FilterQuery = (db as any).selectFrom(table).selectAll(table)
  query = changedSince(filtered(visible(query), search, resource), search, table)
  const keys = page.reverse ? sorts.map(turned) : sorts
  if (page.marker !== undefined) query = afterMarker(query, keys, await markerValues(db, resource, keys, page.marker))
  query = sortedBy(query, keys)
  if (page.limit) query = query.limit(page.limit)
  const rows = (await query.execute()) as (Row & { id: string })[]
  if (page.reverse) rows.reverse()
  const items = await views(db, rows)
  return {
    [resource.collection]: items.map((item) => withFields(ctx, item)),
    ...(page.limit && { [`${resource.collection}_links`]: pageLinks(ctx, page, rows) }),
  }
}

const turned = (key: SortKey): SortKey => ({ ...key, direction: key.direction === 'asc' ? 'desc' : 'asc' })

// The database compares with its own values: a timestamp that came here and back would have lost its microseconds.
async function markerValues(db: Db, resource: ListedResource, keys: readonly SortKey[], id: string): Promise<Record<string, unknown>> {
  const one = () => (db as any).selectFrom(`${resource.table} as marker`).where('marker.id', '=', id)
  if (!(await one().select('marker.id').executeTakeFirst())) throw resource.notFound(id)
  const names = keys.map((key) => key.column.slice(key.column.lastIndexOf('.') + 1))
  return Object.fromEntries(names.map((name) => [name, one().select(`marker.${name}`)]))
}

/** Leaves only the attributes that the query's `fields` name, if it names any. For lists and single resources. */
export function withFields(ctx: CloudContext, item: object): object {
  const wanted = ctx.request.search.getAll('fields').filter((name) => name !== '')
  if (wanted.length === 0) return item
  return Object.fromEntries(Object.entries(item).filter(([name]) => wanted.includes(name)))
}
