import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { randomly } from '../../src/drill/choose.ts'
import { drill } from '../../src/drill/drill.ts'
import type { Totals } from '../../src/drill/report.ts'
import { scenarios } from '../../src/drill/scenarios/all.ts'
import { systemClock, systemIds } from '../../src/kernel/clock.ts'
import type { Context } from '../../src/kernel/context.ts'
import { run } from '../../src/lab/command.ts'
import { labTarget } from '../../src/lab/drill-target.ts'
import { commandOf } from '../../src/lab/programs.ts'
import { contextOn } from '../helpers/a-context.ts'
import { has } from '../helpers/parts.ts'
import { afterFlush } from './after-flush.ts'
import { copyProgram, type ProgramCopy } from './broken-program.ts'
import { forgetfulGalera } from './variants.ts'
import { drillWriters } from './writers.ts'

/** A way to the database of the lab for each of its nodes, that node first. */
function waysTo(stateDir: string): { ctx: Context; close(): Promise<void> }[] {
  const { database } = parse(readFileSync(join(stateDir, 'hosts/c1/etc/controller.yaml'), 'utf8')) as { database: string }
  const [, before = '', hosts = '', after = ''] = /^(.*@)([^/]+)(\/.*)$/.exec(database)!
  const nodes = hosts.split(',')
  return nodes.map((_, first) => contextOn(`${before}${[...nodes.slice(first), ...nodes.slice(0, first)].join(',')}${after}`))
}

// Only a lab has several nodes to write to, which can lose what they acknowledged when all of them are killed at once. This program's
// commits are on no disk when they are acknowledged; that harms nothing while nobody dies.
describe.runIf(has('lab'))('a lab of a program that', () => {
  const { name, breaks, edits, scenario, broken } = forgetfulGalera
  let stateDir: string
  let program: ProgramCopy
  const lab = (...args: string[]) => run([commandOf(program.folder), 'lab', ...args, '--state-dir', stateDir], { timeoutMs: 280_000 })

  beforeAll(async () => {
    stateDir = mkdtempSync(join(tmpdir(), 'skykeel-forgetful-'))
    program = copyProgram()
    program.breakBy(edits)
    await lab('up', '--database', 'galera')
  }, 300_000)
  afterAll(async () => {
    await lab('down', '--purge')
    program.remove()
    rmSync(stateDir, { recursive: true, force: true })
  }, 300_000)

  test('writes to all nodes at once, as services do, loses no update and gives no name twice', { timeout: 60_000 }, async () => {
    const ways = waysTo(stateDir)
    try {
      const report = await drillWriters(
        ways.flatMap(({ ctx }) => [ctx, ctx, ctx]),
        { seconds: 8, transfers: 50 },
      )
      expect(report).toMatchObject({ lost: 0, sumOff: 0, givenTwice: 0 })
      expect(report.acknowledged).toBeGreaterThanOrEqual(50)
    } finally {
      await Promise.all(ways.map(async (way) => way.close()))
    }
  })

  test(`${name} is found out by ${scenario}`, { timeout: 300_000 }, async () => {
    const target = (await labTarget({ clock: systemClock }, stateDir))!
    const ctx = { clock: systemClock, ids: systemIds, signal: new AbortController().signal, say: () => {} }
    const blow = afterFlush(
      scenarios.find((one) => one.name === scenario)!,
      stateDir,
    )
    // When a node writes its pages it writes its log as well, and the one that did last saves the others: seen once in many times.
    const mostBlows = 3
    let totals: Totals | undefined
    for (let blows = 1; blows <= mostBlows && !broken.some((one) => totals && totals[one] > 0); blows++) {
      const plan = { scenario, seed: blows, choose: randomly(blows), next: (struck: number) => (struck === 0 ? blow : undefined) }
      totals = (await drill(ctx, { target, plan, budgetMs: 30_000, settleMs: 5_000, clearMs: 0 })).totals
    }
    expect(
      broken.filter((one) => totals && totals[one] > 0),
      `${breaks} ${JSON.stringify(totals)}`,
    ).not.toEqual([])
  })
})
