import { expect, test } from 'vitest'
import { areOneFlow, isRidOfOne, knowsAll, leads, type PatroniReport } from './agreement.ts'

test('a node of Galera knows all when it serves and counts as many members as there are', () => {
  const node = (members?: number) => ({
    state: 'primary',
    ...(members !== undefined && { members }),
  })
  expect(knowsAll(node(3), 3)).toBe(true)
  // With an arbitrator.
  expect(knowsAll(node(4), 3)).toBe(true)
  expect(knowsAll(node(2), 3)).toBe(false)
  expect(knowsAll({ ...node(3), state: 'lonely' }, 3)).toBe(false)
  expect(knowsAll(undefined, 3)).toBe(false)
  expect(knowsAll(node(), 3)).toBe(true)
})

test('nodes of Galera go on without one when they serve and count fewer', () => {
  expect(isRidOfOne({ state: 'primary', members: 2 }, 3)).toBe(true)
  expect(isRidOfOne({ state: 'primary', members: 3 }, 3)).toBe(false)
  expect(isRidOfOne({ state: 'lonely', members: 2 }, 3)).toBe(false)
  expect(isRidOfOne(undefined, 3)).toBe(false)
})

test('nodes of Patroni go on without their primary when another leads', () => {
  expect(leads({ role: 'master', state: 'running' })).toBe(true)
  expect(leads({ role: 'replica', state: 'streaming' })).toBe(false)
  expect(leads({ role: 'master', state: 'starting' })).toBe(false)
  expect(leads(undefined)).toBe(false)
})

test('nodes of Patroni agree when one leads and sends its changes to all others', () => {
  const streaming = { state: 'streaming' }
  const leader = (...replication: { state: string }[]): PatroniReport => ({ role: 'master', state: 'running', replication })
  const replica: PatroniReport = { role: 'replica', state: 'running' }
  expect(areOneFlow([replica, leader(streaming, streaming), replica], 3)).toBe(true)
  expect(areOneFlow([replica, leader(streaming), replica], 3)).toBe(false)
  expect(areOneFlow([replica, leader(streaming, { state: 'catchup' }), replica], 3)).toBe(false)
  // One that was frozen still believes that it leads.
  expect(areOneFlow([leader(streaming, streaming), leader(streaming, streaming), replica], 3)).toBe(false)
  expect(areOneFlow([replica, leader(streaming, streaming), { role: 'replica', state: 'starting' }], 3)).toBe(false)
  expect(areOneFlow([replica, leader(streaming, streaming), undefined], 3)).toBe(false)
  expect(areOneFlow([replica, replica, replica], 3)).toBe(false)
})
