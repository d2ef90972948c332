import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { randomly } from '../../src/drill/choose.ts'
import { drill } from '../../src/drill/drill.ts'
import { embeddedTarget } from '../../src/drill/embedded-target.ts'
import { allKept, type Report } from '../../src/drill/report.ts'
import { scenarios } from '../../src/drill/scenarios/all.ts'
import { systemClock, systemIds } from '../../src/kernel/clock.ts'
import { commandWith } from '../helpers/command.ts'
import { type EmbeddedCloud, startEmbeddedCloud } from '../helpers/embedded-cloud.ts'
import { until } from '../helpers/until.ts'
import { startLyingFront } from './lying-front.ts'

vi.setConfig({ testTimeout: 180_000 })
let cloud: EmbeddedCloud
const skykeel = async (...args: string[]) => commandWith({ SKYKEEL_STATE_DIR: cloud.stateDir }).run(...args)
const wholeAgain = () =>
  until(async () => (await cloud.processes()).every(({ state }) => state === 'running'), { what: 'all to run', timeoutMs: 30_000 })

beforeAll(async () => {
  cloud = await startEmbeddedCloud()
})
afterAll(async () => cloud.down())

async function projects(): Promise<string[]> {
  const { token } = await cloud.token('admin', 'admin')
  const answer = await fetch(`${cloud.url}/identity/v3/projects`, { headers: { 'x-auth-token': token } })
  return ((await answer.json()) as { projects: { name: string }[] }).projects.map(({ name }) => name)
}

describe('skykeel drill', () => {
  test('kills a controller under load, and the cloud keeps its promises', async () => {
    const page = join(cloud.homeDir, 'drill.html')
    const { code, stdout, stderr } = await skykeel(
      'drill',
      '--scenario',
      'kill-controller',
      '--rounds',
      '1',
      '--seed',
      '3',
      '--json',
      '--report',
      page,
    )
    expect(code, stderr + stdout).toBe(0)
    const report = JSON.parse(stdout) as Report
    expect(report).toMatchObject({
      scenario: 'kill-controller',
      seed: 3,
      cloud: { kind: 'embedded', database: 'postgresql', messaging: 'postgresql' },
      totals: { failed: 0, denied: 0, unlike: 0, falseDowns: 0, lost: 0, doubled: 0, stuck: 0, orphaned: 0, refused: 0 },
      rounds: [{ fault: 'kill -9', target: expect.stringMatching(/^controller-[12]$/), downtimeMs: 0, recoveryMs: expect.any(Number) }],
      orphans: [],
    })
    const { attempted, acknowledged, changes } = report.totals
    expect(attempted).toBe(acknowledged)
    expect(changes).toBeGreaterThan(5)
    expect(report.timeline.reduce((sum, { requests }) => sum + requests, 0)).toBe(attempted)
    expect(readFileSync(page, 'utf8')).toContain('All promises were kept')
    rmSync(page)
  })

  test('leaves no project behind', async () => {
    expect((await projects()).filter((name) => name.startsWith('drill'))).toEqual([])
  })

  test.each([
    [['--scenario', 'kill-contoller'], 'Did you mean kill-controller?'],
    [['--scenario', 'isolate-host'], 'skykeel lab'],
    [['--rounds', 'many'], '--rounds: many is no whole number'],
    [['--bogus'], 'has no option --bogus'],
    [['--state-dir', '/nowhere'], 'No cloud runs in /nowhere'],
  ])('%j can not begin', async (args, says) => {
    const { code, stderr } = await skykeel('drill', ...args)
    expect(stderr).toContain(says)
    expect(code).toBe(2)
  })

  test('lists every scenario', async () => {
    const { code, stdout } = await skykeel('drill', '--list', '--json')
    expect(code).toBe(0)
    expect((JSON.parse(stdout) as { name: string }[]).map(({ name }) => name)).toEqual(['kill-any', ...scenarios.map(({ name }) => name)])
  })
})

describe('skykeel ok-to-stop', () => {
  test('says yes while the other controller is healthy, and no when it is not', async () => {
    await wholeAgain()
    expect(await skykeel('ok-to-stop', 'controller-1')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('yes: controller-2 takes over.'),
    })
    await skykeel('kill', 'controller-2', '--signal', 'STOP')
    expect(await skykeel('ok-to-stop', 'controller-1')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('no: controller-2 is not healthy'),
    })
    await skykeel('kill', 'controller-2', '--signal', 'CONT')
    expect(await skykeel('ok-to-stop', 'balancer')).toMatchObject({ code: 1, stdout: expect.stringContaining('It is the only balancer') })
    expect(await skykeel('ok-to-stop', 'postgress')).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean postgres?') })
  })
})

describe('the tester', () => {
  test('notices a cloud that acknowledges what it does not do, does twice what it was asked for once, answers repeats anew, and takes the living for dead', async () => {
    await wholeAgain()
    const front = await startLyingFront(cloud.url)
    try {
      const target = { ...(await embeddedTarget({ clock: systemClock }, cloud.stateDir))!, authUrl: `${front.url}/identity/v3` }
      const ctx = { clock: systemClock, ids: systemIds, signal: new AbortController().signal, say: () => {} }
      const killing = scenarios.find(({ name }) => name === 'kill-controller')!
      // Long enough for each kind of lie to be told.
      const next = () => (Object.values(front.lies).every((times) => times > 1) ? undefined : killing)
      const plan = { scenario: 'lies', seed: 1, choose: randomly(1), next }
      const report = await drill(ctx, { target, plan, budgetMs: 30_000, settleMs: 3000 })
      expect(allKept(report)).toBe(false)
      const { unbuilt, builtTwice, kept, unlike, denied, silenced } = front.lies
      expect(report.totals).toMatchObject({ lost: unbuilt + kept, doubled: builtTwice, stuck: unbuilt })
      expect(report.totals).toMatchObject({ unlike, denied, failed: denied, falseDowns: silenced })
      expect(report.promises.filter(({ kept }) => !kept).map(({ name }) => name)).toEqual(
        expect.arrayContaining(['lost', 'doubled', 'stuck', 'denied', 'unlike', 'failed', 'falseDowns']),
      )
    } finally {
      await front.close()
    }
  })
})
