import { invalid } from '../kernel/errors.ts'
import type { CloudContext } from '../cloud/context.ts'
import type { SortKey } from '../cloud/paging.ts'
import type { ListedResource } from './listing.ts'

/** Which part of a list is wanted. */
export interface Page {
  /** 0: all of it. */
  readonly limit: number
  readonly marker?: string
  readonly reverse: boolean
}

/** Reads `limit`, `marker` and `page_reverse`; without a limit there are no pages. */
export function readPage(search: URLSearchParams): Page {
  const text = search.get('limit') ?? '0'
  const limit = Number(text)
  if (!/^\d{1,9}$/.test(text))
    throw invalid(`Bad limit request: Limit must be an integer 0 or greater and not '${text.slice(0, 50)}'.`, { type: 'BadRequest' })
  const marker = search.get('marker')
  return { limit, ...(limit > 0 && marker && { marker }), reverse: limit > 0 && search.get('page_reverse')?.toLowerCase() === 'true' }
}

const quoted = (names: readonly string[]) => `[${names.map((name) => `'${name.slice(0, 64)}'`).join(', ')}]`

/** Reads `sort_key` and `sort_dir`. The id always comes last, so that the order is total. */
export function readSorts(search: URLSearchParams, resource: ListedResource): SortKey[] {
  const names = search.getAll('sort_key').filter((name) => name !== '')
  const directions = search.getAll('sort_dir').filter((name) => name !== '')
  if (names.length !== directions.length) throw invalid('The number of sort_keys and sort_dirs must be same')
  const absent = names.filter((name) => !Object.hasOwn(resource.columns, name) || resource.columns[name]!.nullable)
  if (absent.length > 0) throw invalid(`${quoted(absent)} is invalid attribute for sort_keys`)
  const wrong = directions.filter((direction) => direction !== 'asc' && direction !== 'desc')
  if (wrong.length > 0) throw invalid(`${quoted(wrong)} is invalid value for sort_dirs, valid value is 'asc' and 'desc'`)
  const columns = names.map((name) => resource.columns[name]!.column)
  const keys = columns.map((column, index) => ({
    column: `${resource.table}.${column}`,
    direction: directions[index] as SortKey['direction'],
  }))
  const distinct = keys.filter((_key, index) => columns.indexOf(columns[index]!) === index)
  return columns.includes('id') ? distinct : [...distinct, { column: `${resource.table}.id`, direction: 'asc' }]
}

/** Links to the pages around this one. A page that is not full has none after it (or, read backwards, before it). */
export function pageLinks(ctx: CloudContext, page: Page, rows: readonly { id: string }[]): object[] {
  const link = (rel: 'next' | 'previous', marker: string | undefined) => {
    const params = new URLSearchParams(ctx.request.search)
    params.delete('page_reverse')
    params.delete('marker')
    if (marker) params.set('marker', marker)
    if (rel === 'previous') params.set('page_reverse', 'True')
    return { rel, href: `${ctx.request.baseUrl}${ctx.request.path}?${params}` }
  }
  const isShort = rows.length < page.limit
  return [
    ...(isShort && !page.reverse ? [] : [link('next', rows.at(-1)?.id)]),
    ...(isShort && page.reverse ? [] : [link('previous', rows[0]?.id)]),
  ]
}
