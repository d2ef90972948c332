import { sql, type SelectQueryBuilder } from 'kysely'
import { invalid } from '../kernel/errors.ts'

/** The order of a list; each key is a column that the caller has allowed, the last one unique. */
export interface SortKey {
  readonly column: string
  readonly direction: 'asc' | 'desc'
}

/**
 * Continues a sorted list after the row that the marker names: rows greater in the first key, or equal in it and
 * greater in the second, and so on. Stays fast for any depth, unlike an offset. `marker` holds that row's values.
 * Columns of the keys must not be null. Values of the marker may be expressions.
 */
export function afterMarker<Q extends SelectQueryBuilder<any, any, any>>(
  query: Q,
  keys: readonly SortKey[],
  marker: Readonly<Record<string, unknown>>,
): Q {
  const [first] = keys
  // The bound on the first key alone says nothing new, but it is one that an index can start from.
  const bounded: any = first
    ? query.where(first.column as any, first.direction === 'asc' ? '>=' : '<=', marker[nameOf(first.column)])
    : query
  return bounded.where((eb: any) =>
    eb.or(
      keys.map((key, index) =>
        eb.and([
          ...keys.slice(0, index).map((equal) => eb(equal.column, '=', marker[nameOf(equal.column)])),
          eb(key.column, key.direction === 'asc' ? '>' : '<', marker[nameOf(key.column)]),
        ]),
      ),
    ),
  ) as Q
}

const nameOf = (column: string): string => column.slice(column.lastIndexOf('.') + 1)

/** Orders a query by the keys. */
export function sortedBy<Q extends SelectQueryBuilder<any, any, any>>(query: Q, keys: readonly SortKey[]): Q {
  return keys.reduce((sorted: any, key) => sorted.orderBy(sql.ref(key.column), key.direction), query) as Q
}

/** How many rows to answer: what the client wants, at most `max`. */
export function pageSize(limit: number | undefined, max: number): number {
  if (limit !== undefined && (limit < 0 || !Number.isInteger(limit))) throw invalid('limit must be an integer of at least 0')
  return Math.min(limit ?? max, max)
}

/** The address of the page after the one that ends with `marker`. */
export function nextPage(baseUrl: string, path: string, search: URLSearchParams, marker: string): string {
  const next = new URLSearchParams(search)
  next.set('marker', marker)
  return `${baseUrl}${path}?${next}`
}
