import { sql, type SelectQueryBuilder, type SqlBool } from 'kysely'
import { pageSize } from '../../cloud/paging.ts'
import { invalid } from '../../kernel/errors.ts'

const maxPage = 1000

/** Which part of a list is wanted, in which order. */
export interface Page {
  readonly limit: number
  /** The name of the last one that the client has seen. */
  readonly marker: string | undefined
  readonly sortKey: string
  readonly direction: 'asc' | 'desc'
}

interface Habits {
  readonly sortKeys: readonly string[]
  readonly defaultLimit: number
  readonly leastLimit: number
}

/** Reads a list's query. Refuses with `invalid`. */
export function readPage(query: URLSearchParams, { sortKeys, defaultLimit, leastLimit }: Habits): Page {
  const sortKey = query.get('sort_key') ?? 'created_at'
  if (!sortKeys.includes(sortKey))
    throw invalid(`Invalid sort key: ${sortKey.slice(0, 64)}. It must be one of the following: ${sortKeys.join(', ')}.`)
  const direction = query.get('sort_dir') ?? 'desc'
  if (direction !== 'asc' && direction !== 'desc') throw invalid(`Invalid sort direction: ${direction.slice(0, 64)}`)
  const limit = query.get('limit') ?? String(defaultLimit)
  if (!/^-?\d{1,15}$/.test(limit)) throw invalid('limit param must be an integer')
  if (Number(limit) < leastLimit) throw invalid('limit param must be positive')
  return { limit: pageSize(Number(limit), maxPage), marker: query.get('marker') || undefined, sortKey, direction }
}

const nullable = new Set(['display_name', 'owner'])

/** The rows of the page and one more. Continues after the row with the id `after`. Of equal rows the age decides, then the id. */
export function paged<Q extends SelectQueryBuilder<any, any, any>>(
  query: Q,
  table: string,
  { sortKey, direction, limit }: Page,
  after: string | undefined,
): Q {
  const columns = [...new Set([sortKey, 'created_at', 'id'])]
  const valuesIn = (from: string) =>
    columns.map((column) => (nullable.has(column) ? sql`coalesce(${sql.ref(`${from}.${column}`)}, '')` : sql.ref(`${from}.${column}`)))
  let sorted: any = query.limit(limit + 1)
  for (const value of valuesIn(table)) sorted = sorted.orderBy(value, direction)
  if (after === undefined) return sorted
  const marked = sql`(select ${sql.join(valuesIn('m'))} from ${sql.table(table)} m where m.id = ${after})`
  return sorted.where(sql<SqlBool>`(${sql.join(valuesIn(table))}) ${sql.raw(direction === 'asc' ? '>' : '<')} ${marked}`)
}
