import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { StartupError } from '../../config/startup-error.ts'
import { systemIds, type Clock } from '../../kernel/clock.ts'
import { inTurn, randomly } from '../choose.ts'
import { known, type ProcessKind, type Target, type TargetProcess } from '../target.ts'
import { anyOf, cloudsText, listed, scenarios, scenariosNamed } from './all.ts'
import type { Stage } from './scenario.ts'

const processesOf = (...kinds: ProcessKind[]): TargetProcess[] =>
  kinds.map((kind, index) => ({ name: `${kind}-${index + 1}`, kind, host: `c${index + 1}`, pid: 1, state: 'running' }))
const embedded = processesOf('balancer', 'database', 'controller', 'controller', 'agent')
const whole = processesOf('controller', 'controller', 'balancer', 'keepalived', 'database', 'database', 'queue', 'queue', 'etcd', 'agent')

const about = { authUrl: '', password: '', database: 'postgresql', messaging: 'postgresql' }

/** A cloud that can do everything and only writes down what was done to it. */
function aLab() {
  const deeds: string[] = []
  let asked = 0
  const deed =
    (name: string) =>
    async (...args: unknown[]) =>
      void deeds.push([name, ...args].join(' '))
  const target: Target = {
    ...about,
    kind: 'lab',
    processes: async () => whole,
    goesOnWithout: async () => true,
    sessions: async () => 0,
    // Whoever asks a second time finds that another has taken over.
    writer: async () => whole.filter(({ kind }) => kind === 'database')[asked++ % 2],
    hosts: async () => ['c1', 'c2', 'c3', 'n1', 'n2'],
    ...{
      kill: deed('kill'),
      freeze: deed('freeze'),
      thaw: deed('thaw'),
      restart: deed('restart'),
      stop: deed('stop'),
      start: deed('start'),
    },
    nextProgram: async () => ({ folder: '/new', version: '2', isBack: false }),
    ...{
      upgrade: deed('upgrade'),
      rotateKeys: deed('rotateKeys'),
      isolate: deed('isolate'),
      block: deed('block'),
      slow: deed('slow'),
      fillDisk: deed('fillDisk'),
    },
    ...{ skewClock: deed('skewClock'), heal: deed('heal'), powerOff: deed('powerOff'), powerOn: deed('powerOn') },
  }
  return { target, deeds }
}

/** A clock on which no time passes: a sleep ends at once, or never if the drill is ended meanwhile. */
function aStage(ending = new AbortController()) {
  const marks: string[] = []
  const clock: Clock = { now: () => new Date(0), monotonicMs: () => 0, sleep: async (_, signal) => signal?.throwIfAborted() }
  const stage: Stage = {
    ...{ clock, ids: systemIds, signal: ending.signal, say: () => {} },
    mark: (fault, on) => void marks.push(`${fault} ${on}`),
    burst: async () => {},
    stale: () => {},
  }
  return { stage, marks, ending }
}

const undoes: Readonly<Record<string, string>> = {
  ...{ freeze: 'thaw', stop: 'start', powerOff: 'powerOn' },
  ...{ isolate: 'heal', block: 'heal', slow: 'heal', fillDisk: 'heal', skewClock: 'heal' },
}

/** What each deed that lasts was done to, and what it was undone for. */
function ofDeeds(deeds: readonly string[]) {
  const on = (wanted: (name: string) => boolean) =>
    deeds.flatMap((one) => (wanted(one.split(' ')[0]!) ? [one.split(' ')[1]!] : [])).toSorted()
  return { done: on((name) => name in undoes), undone: on((name) => Object.values(undoes).includes(name)) }
}

test.each(scenarios.map((one) => [one.name, one] as const))('%s marks one blow, and undoes what lasts', async (_, scenario) => {
  const { target, deeds } = aLab()
  const { stage, marks } = aStage()
  await scenario.blow(stage, target, randomly(1))
  expect(marks).toHaveLength(1)
  expect(deeds.length).toBeGreaterThan(0)
  const { done, undone } = ofDeeds(deeds)
  expect(undone).toEqual(done)
})

test.each(scenarios.map((one) => [one.name, one] as const))('%s undoes what lasts when it is ended early too', async (_, scenario) => {
  const { target, deeds } = aLab()
  const { stage, ending } = aStage()
  ending.abort(new Error('ended'))
  await scenario.blow(stage, target, randomly(1)).catch(() => {})
  const { done, undone } = ofDeeds(deeds)
  expect(undone).toEqual(done)
})

test('a machine whose database takes the writes is told of as such', async () => {
  const { target } = aLab()
  const writer = { ...whole[0]!, host: 'c2' }
  for (const host of ['c1', 'c2']) {
    const { stage, marks } = aStage()
    const [isolate] = scenariosNamed('isolate-host', target, whole)
    await isolate!.blow(
      stage,
      { ...target, writer: async () => writer },
      <T>(all: readonly T[]) => all.find((one) => one === host) ?? all[0]!,
    )
    expect(marks).toEqual([host === 'c2' ? 'isolate writer c2' : 'isolate c1'])
  }
})

test('a lab can do everything, and an embedded cloud a part of it', () => {
  const { target } = aLab()
  expect(scenariosNamed(anyOf.name, target, whole)).toEqual(scenarios.filter(({ byNameOnly }) => !byNameOnly))
  const small: Target = { ...about, kind: 'embedded', ...pick(target, ...known.embedded.abilities) }
  const able = scenariosNamed(anyOf.name, small, embedded).map(({ name }) => name)
  expect(able).toEqual(listed.flatMap(({ name, clouds }) => (clouds.includes('embedded') && name !== anyOf.name ? [name] : [])))
  expect(able).toContain('kill-controller')
})

test('what a cloud can not do is refused, with what to use instead', () => {
  const { target } = aLab()
  const small: Target = { ...about, kind: 'embedded', ...pick(target, ...known.embedded.abilities) }
  const refusal = (name: string) => {
    try {
      scenariosNamed(name, small, embedded)
    } catch (error) {
      return error as StartupError
    }
    return undefined
  }
  expect(refusal('isolate-host')).toMatchObject({
    message: expect.stringContaining("can't do isolate-host"),
    hint: expect.stringContaining('skykeel lab'),
  })
  expect(refusal('kill-queue')?.message).toContain('no process of kind queue')
  expect(refusal('kill-contoller')).toMatchObject({ hint: 'Did you mean kill-controller?' })
})

test('a lab that has nothing to upgrade to says how to start one that has', () => {
  const { nextProgram: _, upgrade: _upgrade, ...target } = aLab().target
  expect(() => scenariosNamed('rolling-upgrade', target, whole)).toThrow("can't do rolling-upgrade")
  expect(() => scenariosNamed('rolling-upgrade', target, whole)).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('skykeel lab up --program DIR') }),
  )
})

test.each([
  ['an upgrade', 'controllers', false, ['controller', 'controller', 'agent']],
  ['a way back', 'agents', true, ['agent', 'controller', 'controller']],
])('%s begins with the %s', async (_what, _first, isBack, kinds) => {
  const { target, deeds } = aLab()
  const [upgrade] = scenariosNamed('rolling-upgrade', target, whole)
  await upgrade!.blow(aStage().stage, { ...target, nextProgram: async () => ({ folder: '/other', version: '2', isBack }) }, randomly(1))
  expect(deeds.map((deed) => /^upgrade (\w+)-/.exec(deed)![1])).toEqual(kinds)
})

test('the same seed makes the same choices, and turns reach everybody', () => {
  const choices = (choose = randomly(42)) => Array.from({ length: 20 }, () => choose(['a', 'b', 'c']))
  expect(choices()).toEqual(choices())
  expect(choices()).not.toEqual(choices(randomly(43)))
  expect(new Set(choices())).toEqual(new Set(['a', 'b', 'c']))
  const choose = inTurn()
  expect([choose(['x']), choose(['a', 'b']), choose(['x']), choose(['a', 'b']), choose(['a', 'b'])]).toEqual(['x', 'a', 'x', 'b', 'a'])
})

test('docs/drills.md tells of every scenario what `skykeel drill --list` does', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/drills.md'), 'utf8')
  const rows = text.split('\n').filter((line) => line.startsWith('| `'))
  expect(rows).toEqual(listed.map(({ name, sentence, clouds }) => `| \`${name}\` | ${cloudsText(clouds)} | ${sentence} |`))
})

const pick = <T, K extends keyof T>(from: T, ...names: K[]): Pick<T, K> =>
  Object.fromEntries(names.map((name) => [name, from[name]])) as Pick<T, K>
