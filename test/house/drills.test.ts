import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { scenarios } from '../../src/drill/scenarios/all.ts'
import { keptDocs } from '../drills/kept-docs.ts'
import { full, short } from '../drills/plans.ts'
import { marks, promises } from '../drills/promises.ts'
import { read, root } from './files.ts'

const names = scenarios.map(({ name }) => name)
const all = [...promises, ...marks]

describe('the promises', () => {
  test('are fifteen, and each names what shows it', () => {
    expect(promises.map(({ number }) => number)).toEqual(Array.from({ length: 15 }, (_, index) => index + 1))
    expect(all.filter(({ scenarios, tests = [], judge }) => (judge ? scenarios : tests).length === 0)).toEqual([])
  })

  test('name scenarios and tests that are there', () => {
    expect(all.flatMap(({ scenarios }) => scenarios).filter((name) => !names.includes(name))).toEqual([])
    expect(all.flatMap(({ tests = [] }) => tests).filter((path) => !existsSync(join(root, path)))).toEqual([])
  })
})

describe('the plans of drills', () => {
  test('name scenarios that are there', () => {
    const planned = [...short, ...full].flatMap(({ drills }) => drills.flat())
    expect(planned.filter((name) => !names.includes(name))).toEqual([])
  })

  test('leave nothing out of the full set, and no promise out of the short one', () => {
    const inFull = new Set(full.flatMap(({ drills }) => drills.flat()))
    expect(names.filter((name) => !inFull.has(name))).toEqual([])
    const inShort = new Set(short.flatMap(({ drills }) => drills.flat()))
    expect(all.filter(({ judge, scenarios }) => judge && !scenarios.some((name) => inShort.has(name)))).toEqual([])
  })
})

describe('what is kept of the drills', () => {
  test.each(keptDocs())('%s is what the records give; else: npm run drill -- --docs', (path, text) => {
    expect(read(path)).toBe(text)
  })

  test('takes less than a megabyte, and names no machine', () => {
    const folder = join(root, 'docs/drills')
    const files = readdirSync(folder)
    expect(files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)).toBeLessThan(1_000_000)
    for (const name of files) expect(read(`docs/drills/${name}`)).not.toMatch(/(?<![\w.])\/(tmp|home|root|srv|work|var)\//)
  })
})
