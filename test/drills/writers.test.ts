import { describe, expect, test } from 'vitest'
import { databases, someThings } from '../helpers/things.ts'
import { drillWriters } from './writers.ts'

describe.each(databases)('many writers on %s', (database) => {
  test('lose nothing and give no name twice', async () => {
    const things = await someThings(database)
    try {
      const ways = Array.from({ length: 6 }, () => things.contextOn(things.url, { poolSize: 2 }))
      const report = await drillWriters(ways, { seconds: 2, transfers: 20 })
      expect(report).toMatchObject({ lost: 0, sumOff: 0, givenTwice: 0 })
      expect(report.acknowledged).toBeGreaterThanOrEqual(20)
    } finally {
      await things.close()
    }
  })
})
