import { sql, type SelectQueryBuilder } from 'kysely'
import { Type } from 'typebox'
import { nextPage } from '../cloud/paging.ts'
import type { RequestContext } from '../kernel/http/route.ts'

/** What every list takes: a page, and inexact matches of the name. Others that a client sends are ignored, as keystone does. */
export const page = {
  limit: Type.Optional(Type.Integer({ minimum: 0 })),
  marker: Type.Optional(Type.String()),
}

export const text = Type.Optional(Type.String())
export const flag = Type.Optional(Type.Boolean())

/** Filters on columns of these names. */
export const byName = { name: text, name__contains: text, name__icontains: text, name__startswith: text, name__endswith: text }

export interface Page {
  readonly limit?: number
  readonly marker?: string
}

type AnyQuery = SelectQueryBuilder<any, any, any>

/** Keeps rows whose columns equal the filters that are given; '' stands for no value where the column may be null. */
export function equalTo<Q extends AnyQuery>(query: Q, columns: Readonly<Record<string, unknown>>): Q {
  let kept: AnyQuery = query
  for (const [column, value] of Object.entries(columns))
    if (value !== undefined) kept = kept.where(column, value === null ? 'is' : '=', value)
  return kept as Q
}

export interface NameFilters {
  readonly name?: string
  readonly name__contains?: string
  readonly name__icontains?: string
  readonly name__startswith?: string
  readonly name__endswith?: string
}

/** Keeps rows whose name matches. */
export function named<Q extends AnyQuery>(query: Q, filters: NameFilters, column = 'name'): Q {
  const { name, name__contains, name__icontains, name__startswith, name__endswith } = filters
  let kept: AnyQuery = query
  if (name !== undefined) kept = kept.where(column, '=', name)
  if (name__contains !== undefined) kept = kept.where(column, 'like', `%${plainText(name__contains)}%`)
  if (name__icontains !== undefined)
    kept = kept.where(sql`lower(${sql.ref(column)})`, 'like', `%${plainText(name__icontains.toLowerCase())}%`)
  if (name__startswith !== undefined) kept = kept.where(column, 'like', `${plainText(name__startswith)}%`)
  if (name__endswith !== undefined) kept = kept.where(column, 'like', `%${plainText(name__endswith)}`)
  return kept as Q
}

const plainText = (pattern: string): string => pattern.replace(/[\\%_]/g, '\\$&')

/** One page of rows in the order of their ids, one row more than asked to see whether more follow. */
export function paged<Q extends AnyQuery>(query: Q, { limit, marker }: Page, column = 'id'): Q {
  let kept: AnyQuery = query.orderBy(column)
  if (marker !== undefined) kept = kept.where(column, '>', marker)
  if (limit !== undefined && limit > 0) kept = kept.limit(limit + 1)
  return kept as Q
}

/** A list as keystone wraps it. `rows` may hold one more than the limit: then there is a next page. */
export function collection<R extends { id: string }>(
  ctx: RequestContext,
  name: string,
  rows: readonly R[],
  view: (row: R) => unknown,
  limit?: number,
): object {
  const isCut = limit !== undefined && limit > 0 && rows.length > limit
  const shown = isCut ? rows.slice(0, limit) : rows
  const next = isCut ? nextPage(ctx.request.baseUrl, ctx.request.path, ctx.request.search, shown.at(-1)!.id) : null
  return { [name]: shown.map(view), links: { next, self: selfLink(ctx), previous: null } }
}

/** The address of the request itself. */
export function selfLink(ctx: RequestContext): string {
  const search = ctx.request.search.toString()
  return `${ctx.request.baseUrl}${ctx.request.path}${search && `?${search}`}`
}

/** The address of one resource: `link(ctx, 'users', id)`. */
export const link = (ctx: RequestContext, collectionName: string, id: string): { self: string } => ({
  self: `${ctx.request.baseUrl}/v3/${collectionName}/${id}`,
})
