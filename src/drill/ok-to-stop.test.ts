import { expect, test } from 'vitest'
import { okToStop, type ProcessSeen } from './ok-to-stop.ts'
import type { ProcessKind } from './target.ts'

const process = (name: string, kind: ProcessKind, { healthy = true, host = 'localhost' } = {}): ProcessSeen => ({
  ...{ name, kind, host, pid: 1, state: healthy ? 'running' : 'dead', healthy },
})
const embedded = (second = true) => [
  process('balancer', 'balancer'),
  process('postgres', 'database'),
  process('controller-1', 'controller'),
  process('controller-2', 'controller', { healthy: second }),
  process('nova-compute-1', 'agent'),
]
const lab = (...dead: readonly string[]) =>
  ['c1', 'c2', 'c3'].flatMap((host) => [
    process(`${host}/controller`, 'controller', { host, healthy: !dead.includes(host) }),
    process(`${host}/galera`, 'database', { host, healthy: !dead.includes(host) }),
    process(`${host}/rabbitmq`, 'queue', { host, healthy: !dead.includes(host) }),
  ])

test('a controller may be stopped while another one is healthy', () => {
  expect(okToStop('controller-1', embedded())).toMatchObject({ ok: true, why: 'controller-2 takes over.' })
})

test('the last healthy controller may not be stopped, and the other one is named', () => {
  const advice = okToStop('controller-1', embedded(false))
  expect(advice).toMatchObject({ ok: false, why: expect.stringContaining('controller-2 is not healthy') })
  expect(advice!.hint).toBe('Wait until controller-2 runs, and ask again.')
  expect(okToStop('controller-2', embedded(false))!.ok).toBe(true)
})

test('what there is only one of says what stops with it', () => {
  expect(okToStop('balancer', embedded())).toMatchObject({
    ok: false,
    why: 'It is the only balancer: without it nobody reaches the cloud.',
  })
  expect(okToStop('postgres', embedded())).toMatchObject({ ok: false, why: expect.stringContaining('requests wait') })
})

test('an agent may be stopped, and what waits for it is said', () => {
  expect(okToStop('nova-compute-1', embedded())).toMatchObject({ ok: true, why: expect.stringContaining('guests of its hosts run on') })
})

test('a host may be stopped while the others have every majority, and not when one of them is down', () => {
  expect(okToStop('c1', lab())!.ok).toBe(true)
  expect(okToStop('c1', lab('c2'))).toMatchObject({ ok: false, why: expect.stringContaining('c2') })
  expect(okToStop('c1/galera', lab('c2'))!.ok).toBe(false)
  expect(okToStop('c1/controller', lab('c2'))!.ok).toBe(true)
})

test("with Patroni one standby is enough, since the votes are etcd's", () => {
  expect(okToStop('c1/galera', lab('c2'), { patroni: true })!.ok).toBe(true)
})

test('there is no advice on what is not there', () => {
  expect(okToStop('controller-9', embedded())).toBeUndefined()
})
