import { describe, expect, test } from 'vitest'
import type { Call } from './calls.ts'
import { beforeFirst, judge, type Blow } from './judge.ts'
import { type Asked, type Look, openLedger, type Repeat } from './ledger.ts'
import type { Remaining, Remains } from './read-cloud.ts'

// Histories of clouds that are broken on purpose: each must be noticed, and a sound one must not be blamed.

const server = (name: string, more: Partial<Asked> = {}): Asked => ({
  ...{ kind: 'server', name, id: `id-${name}`, askedMs: 1000, acceptedMs: 1010, readyMs: 1300 },
  ...more,
})
const gone = { deleteAskedMs: 2000, deleteAcceptedMs: 2010, goneMs: 2200 }
const seen = (name: string, more: Partial<Remaining> = {}): Remaining => ({
  ...{ kind: 'server', id: `id-${name}`, name, status: 'ACTIVE' },
  ...more,
})
const call = (startedMs: number, status: number, more: Partial<Call> = {}): Call => ({
  ...{ method: 'POST', path: '/', startedMs, endedMs: startedMs + 10, status, retryAfter: false, headers: {}, body: {}, text: '{}' },
  ...more,
})
const blowAt = (atMs: number, more: Partial<Blow> = {}): Blow => ({
  ...{ scenario: 'kill-controller', fault: 'kill -9', target: 'controller-1', atMs, mayRefuse: false },
  ...more,
})

interface History {
  readonly calls?: Call[]
  readonly repeats?: Repeat[]
  readonly looks?: Look[]
  readonly blows?: Blow[]
  readonly deleted?: Remaining[]
}

function judged(asked: Asked[], living: Remaining[], history: History = {}) {
  const { calls = [], repeats = [], looks = [], blows = [blowAt(500)], deleted = [] } = history
  const ledger = openLedger()
  ledger.asked.push(...asked)
  for (const one of calls) ledger.keep(one)
  ledger.repeats.push(...repeats)
  ledger.looks.push(...looks)
  const remains: Remains = { living, everServers: [...living.filter(({ kind }) => kind === 'server'), ...deleted] }
  return judge(ledger, blows, { remains, beganMs: 0 })
}
const sumsOf = (rounds: ReturnType<typeof judged>) => ({
  lost: rounds.reduce((sum, { lost }) => sum + lost, 0),
  doubled: rounds.reduce((sum, { doubled }) => sum + doubled, 0),
  stuck: rounds.reduce((sum, { stuck }) => sum + stuck, 0),
})
const sound = { lost: 0, doubled: 0, stuck: 0 }

describe('a sound cloud', () => {
  test('is not blamed for what it built, deleted, or never acknowledged', () => {
    const unanswered: Asked = { kind: 'server', name: 'c', askedMs: 1000 }
    const deleteUnanswered = server('d', { deleteAskedMs: 2000 })
    const rounds = judged([server('a'), server('b', gone), unanswered, deleteUnanswered], [seen('a'), seen('c')], {
      deleted: [seen('b'), seen('d')],
    })
    expect(sumsOf(rounds)).toEqual(sound)
  })

  test('may have forgotten the name of a port that was deleted', () => {
    const port = server('p', { kind: 'port', ...gone })
    expect(sumsOf(judged([port], []))).toEqual(sound)
  })
})

describe('a cloud that acknowledges before it works', () => {
  test('loses servers', () => {
    expect(sumsOf(judged([server('a')], []))).toEqual({ ...sound, lost: 1 })
  })

  test('loses what it never built, and leaves its clients waiting', () => {
    expect(sumsOf(judged([{ ...server('a'), readyMs: undefined! }], []))).toMatchObject({ lost: 1, stuck: 1 })
  })

  test('loses deletions', () => {
    const port = server('p', { kind: 'port', ...gone })
    expect(sumsOf(judged([port], [seen('p', { kind: 'port' })]))).toEqual({ ...sound, lost: 1 })
  })
})

describe('a cloud without keys', () => {
  test('builds a repeated request twice', () => {
    expect(sumsOf(judged([server('a')], [seen('a'), seen('a', { id: 'other' })]))).toEqual({ ...sound, doubled: 1 })
  })

  test('is found out when one of the two was deleted', () => {
    const rounds = judged([server('a', gone)], [seen('a', { id: 'other' })], { deleted: [seen('a')] })
    expect(sumsOf(rounds)).toEqual({ ...sound, doubled: 1 })
    const port = server('p', { kind: 'port', ...gone })
    expect(sumsOf(judged([port], [seen('p', { kind: 'port', id: 'other' })]))).toEqual({ ...sound, doubled: 1 })
  })

  test('is found out even if the client got no answer', () => {
    const unanswered: Asked = { kind: 'port', name: 'p', askedMs: 1000 }
    const rounds = judged([unanswered], [seen('p', { kind: 'port', id: 'one' }), seen('p', { kind: 'port', id: 'two' })])
    expect(sumsOf(rounds)).toEqual({ ...sound, doubled: 1 })
  })
})

describe('a cloud whose repeats are new requests', () => {
  const repeat = (again: Partial<Call>): Repeat => ({ first: call(600, 202, { text: '{"id":1}' }), again: call(700, 202, again) })

  test('is found out by any other answer', () => {
    const repeats = [repeat({ text: '{"id":1}' }), repeat({ text: '{"id":2}' }), repeat({ text: '{"id":1}', status: 409 })]
    expect(judged([], [], { repeats })[1]).toMatchObject({ unlike: 2 })
  })
})

describe('a cloud that does not know the tokens of a key', () => {
  test('denies, which is a failure too, even where requests may be refused', () => {
    const [, round] = judged([], [], { calls: [call(600, 401), call(700, 200)], blows: [blowAt(500, { mayRefuse: true })] })
    expect(round).toMatchObject({ denied: 1, failed: 1 })
  })
})

describe('a cloud that takes the living for dead', () => {
  const look = (atMs: number, ...hosts: string[]): Look => ({ atMs, down: hosts.map((host) => ({ program: 'nova-compute', host })) })
  const conductor = (atMs: number, host: string): Look => ({ atMs, down: [{ program: 'nova-conductor', host }] })
  const downs = (looks: Look[], blow: Partial<Blow> = {}) =>
    judged([], [], { looks, blows: [blowAt(500, blow)] }).map((one) => one.falseDowns)

  test('is blamed each time that it does, and not for who was dead before', () => {
    expect(downs([look(100, 'old'), look(600, 'old'), look(700, 'old', 'n1'), look(800, 'old', 'n1'), look(900), look(950, 'n1')])).toEqual(
      [0, 2],
    )
    expect(downs([look(100), look(200, 'n1'), look(600, 'n1')])).toEqual([1, 0])
  })

  test('is not blamed for what the fault silences', () => {
    const silenced = (target: string, looks: Look[]) => downs([look(100), ...looks], { target, maySilence: true })
    expect(silenced('n1/nova-compute', [look(600, 'n1')])).toEqual([0, 0])
    expect(silenced('nova-compute-1', [look(600, 'compute-1', 'compute-2')])).toEqual([0, 0])
    expect(silenced('n1 + n2', [look(600, 'n2')])).toEqual([0, 0])
    expect(silenced('c1/controller', [conductor(600, 'c1')])).toEqual([0, 0])
    expect(silenced('controller-1', [conductor(600, 'controller-1')])).toEqual([0, 0])
  })

  test('is blamed for others, and for what is struck too shortly', () => {
    const others = { target: 'c1/controller', maySilence: true }
    expect(downs([look(100), look(600, 'n1')], others)).toEqual([0, 1])
    expect(downs([look(100), conductor(600, 'c2')], others)).toEqual([0, 1])
    expect(downs([look(100), conductor(600, 'c1')], { target: 'c1/galera', maySilence: true })).toEqual([0, 1])
    expect(downs([look(100), look(600, 'n1')], { target: 'n1/nova-compute' })).toEqual([0, 1])
  })
})

describe('a cloud that forgets after a crash', () => {
  test('leaves builds and deletions stuck', () => {
    const building: Asked = { kind: 'server', name: 'a', id: 'id-a', askedMs: 1000, acceptedMs: 1010 }
    const deleting = server('b', { deleteAskedMs: 2000, deleteAcceptedMs: 2010 })
    const rounds = judged([building, deleting], [seen('a', { status: 'BUILD' }), seen('b')])
    expect(sumsOf(rounds)).toEqual({ ...sound, stuck: 2 })
  })

  test('is not excused by an ERROR', () => {
    const asked = [{ kind: 'server', name: 'a', id: 'id-a', askedMs: 1000, acceptedMs: 1010, errorMs: 1300 } as const]
    const left = [seen('a', { status: 'ERROR' })]
    expect(sumsOf(judged(asked, left))).toEqual({ ...sound, stuck: 1 })
    expect(sumsOf(judged(asked, left, { blows: [blowAt(500, { mayError: true })] }))).toEqual(sound)
  })
})

describe('rounds', () => {
  test('an ERROR is the doing of the blow in whose time it came', () => {
    const asked = [{ kind: 'server', name: 'a', id: 'id-a', askedMs: 1000, acceptedMs: 1010, errorMs: 2300 } as const]
    const blows = [blowAt(500), blowAt(2000, { mayError: true })]
    expect(sumsOf(judged(asked, [seen('a', { status: 'ERROR' })], { blows }))).toEqual(sound)
  })

  test('what was accepted before the first blow has a round of its own', () => {
    const early = { kind: 'server', name: 'a', id: 'id-a', askedMs: 100, acceptedMs: 110 } as const
    const [before, first] = judged([early, server('b')], [seen('a', { status: 'BUILD' }), seen('b')], {
      calls: [call(100, 500), call(600, 202)],
    })
    expect(before).toMatchObject({ fault: beforeFirst, requests: 1, failed: 1, stuck: 1 })
    expect(first).toMatchObject({ fault: 'kill -9', target: 'controller-1', requests: 1, failed: 0, acknowledged: 1, stuck: 0 })
  })

  test('a build that is stuck makes no later recovery endless', () => {
    const stuck = { kind: 'server', name: 'a', id: 'id-a', askedMs: 100, acceptedMs: 110 } as const
    const between = server('b', { askedMs: 900, acceptedMs: 990, readyMs: 1400 })
    const after = server('c', { askedMs: 3100, acceptedMs: 3110, readyMs: 3300 })
    const [, first, second] = judged([stuck, between, after], [], { blows: [blowAt(1000), blowAt(3000)] })
    expect(first!.recoveryMs).toBe(2300)
    expect(second!.recoveryMs).toBe(300)
  })

  test('the time without an acknowledged change is the longest, from the blow to the last answer', () => {
    const gapOf = (...calls: Call[]) => judged([], [], { calls })[1]!.gapMs
    const early = call(600, 202)
    expect(gapOf(call(400, 202), call(2990, 202))).toBe(2500)
    expect(gapOf(early, call(4000, 202), call(4100, 204))).toBe(3400)
    expect(gapOf(early, call(700, 200, { method: 'GET' }), call(5000, 503))).toBe(4400)
    expect(gapOf()).toBe(0)
  })

  test('the slowest request counts whether it was served or not', () => {
    const calls = [call(100, 202, { endedMs: 2600 }), call(600, 0, { endedMs: 1900 })]
    expect(judged([], [], { calls })[1]).toMatchObject({ worstMs: 2500, late: 0 })
  })

  test('a request that took more than five seconds is late, served or not', () => {
    const calls = [call(600, 202, { endedMs: 5601 }), call(600, 0, { endedMs: 9000 }), call(600, 202, { endedMs: 5600 })]
    expect(judged([], [], { calls })[1]).toMatchObject({ requests: 3, late: 2 })
  })

  test('connections to what was replaced are told of only where somebody looked', () => {
    const [, first, second] = judged([], [], { blows: [blowAt(500, { stale: 2 }), blowAt(900)] })
    expect(first!.stale).toBe(2)
    expect(second).not.toHaveProperty('stale')
  })

  test('a cloud that builds nothing any more has not recovered', () => {
    const [, round] = judged([server('a', { askedMs: 100, acceptedMs: 110, readyMs: 300 })], [seen('a')], { blows: [blowAt(500)] })
    expect(round!.recoveryMs).toBeNull()
  })

  test('a refusal counts as one only where it is allowed, and asks to come again', () => {
    const calls = [call(600, 503, { retryAfter: true }), call(700, 503), call(800, 0, { endedMs: 1800 })]
    const [, allowed] = judged([], [], { calls, blows: [blowAt(500, { mayRefuse: true })] })
    expect(allowed).toMatchObject({ refused: 1, failed: 2, downtimeMs: 200 })
    const [, other] = judged([], [], { calls, blows: [blowAt(500)] })
    expect(other).toMatchObject({ refused: 0, failed: 3 })
  })
})
