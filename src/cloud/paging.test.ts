import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databases, someThings, type Things } from '../../test/helpers/things.ts'
import { afterMarker, nextPage, pageSize, sortedBy, type SortKey } from './paging.ts'

interface Row {
  readonly name: string
  readonly count: number
}

describe.each(databases)('pages of a list on %s', (database) => {
  let things: Things
  const rows: Row[] = Array.from({ length: 23 }, (_, index) => ({
    name: `thing ${String((index * 7) % 23).padStart(2, '0')}`,
    count: index % 4,
  }))
  beforeAll(async () => {
    things = await someThings(database)
    await things.db.insertInto('things').values(rows).execute()
  })
  afterAll(() => things.close())

  const walk = async (keys: readonly SortKey[], size: number): Promise<string[]> => {
    const seen: string[] = []
    for (let marker: Row | undefined; ;) {
      const all = sortedBy(things.db.selectFrom('things').selectAll(), keys)
      const page = (await (marker ? afterMarker(all, keys, { ...marker }) : all).limit(size).execute()) as unknown as Row[]
      seen.push(...page.map((row) => row.name))
      if (page.length < size) return seen
      marker = page.at(-1)
    }
  }

  test('together are the whole list, each row once and in order, for any order and size', async () => {
    const direction = fc.constantFrom('asc' as const, 'desc' as const)
    await fc.assert(
      fc.asyncProperty(direction, direction, fc.integer({ min: 1, max: 25 }), async (first, second, size) => {
        const keys = [
          { column: 'count', direction: first },
          { column: 'things.name', direction: second },
        ]
        const signed = (value: number, way: 'asc' | 'desc') => (way === 'asc' ? value : -value)
        const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
        const wanted = rows.toSorted((a, b) => signed(a.count - b.count, first) || signed(byText(a.name, b.name), second))
        expect(await walk(keys, size)).toEqual(wanted.map((row) => row.name))
      }),
      { numRuns: 25 },
    )
  })

  test('lose and repeat nothing when the row of the marker is gone', async () => {
    const keys = [{ column: 'name', direction: 'asc' as const }]
    const marker = { name: 'thing 04½' }
    const rest = await afterMarker(sortedBy(things.db.selectFrom('things').select('name'), keys), keys, marker).execute()
    expect(rest.map((row) => row['name']).slice(0, 2)).toEqual(['thing 05', 'thing 06'])
  })
})

describe('a page', () => {
  test('is as long as the client wants, up to a limit', () => {
    expect([pageSize(undefined, 100), pageSize(5, 100), pageSize(500, 100), pageSize(0, 100)]).toEqual([100, 5, 100, 0])
    for (const limit of [-1, 1.5, Number.NaN]) expect(() => pageSize(limit, 100)).toThrow(expect.objectContaining({ kind: 'invalid' }))
  })

  test('leads to the next one, with everything else that was asked for', () => {
    const next = nextPage('http://cloud/compute', '/v2.1/servers', new URLSearchParams('limit=2&marker=a&tags=x,y&tags=z'), 'b c')
    expect(next).toBe('http://cloud/compute/v2.1/servers?limit=2&marker=b+c&tags=x%2Cy&tags=z')
  })
})
