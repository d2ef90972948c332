import type { Caller } from './calls.ts'

export type Item = Readonly<Record<string, any>>

/**
 * Every item of a collection, over all of its pages. `path` has a query already, so that a marker can follow.
 * Undefined when one of the pages can't be had.
 */
export async function readAll(call: Caller, path: string, key: string): Promise<Item[] | undefined> {
  const items: Item[] = []
  for (let next = path; ;) {
    const { status, body } = await call('GET', next)
    if (status !== 200) return undefined
    items.push(...(body[key] as Item[]))
    const more = (body[`${key}_links`] as { rel: string; href: string }[] | undefined)?.some(({ rel }) => rel === 'next')
    if (!more || items.length === 0) return items
    next = `${path}&marker=${items.at(-1)!.id}`
  }
}
