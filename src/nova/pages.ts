import { nextPage } from '../cloud/paging.ts'
import type { CloudContext } from '../cloud/context.ts'

/** The longest page of any list. */
export const maxPage = 1000

/** How many rows a page has; no limit and 0 both mean as many as there may be. */
export const pageLimit = (limit: string | undefined): number => Math.min(Number(limit ?? 0) || maxPage, maxPage)

/** The links of a list: `[]`, or the address of the next page when this one is full. */
export function pageLinks(
  ctx: CloudContext,
  path: string,
  page: { ids: readonly string[]; limit: number },
): { rel: 'next'; href: string }[] {
  const last = page.ids.at(-1)
  if (last === undefined || page.ids.length < page.limit) return []
  return [{ rel: 'next', href: nextPage(ctx.request.baseUrl, `/v2.1${path}`, ctx.request.search, last) }]
}

/** Adds `<name>_links` to a list when there is another page. */
export const withLinks = <T extends object>(body: T, name: string, links: readonly object[]): T =>
  links.length > 0 ? { ...body, [`${name}_links`]: links } : body

/** The two links that nova gives with each resource. */
export const linksOf = (ctx: CloudContext, path: string) => [
  { rel: 'self', href: `${ctx.request.baseUrl}/v2.1${path}` },
  { rel: 'bookmark', href: `${ctx.request.baseUrl}${path}` },
]
