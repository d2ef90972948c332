import { expect, test } from 'vitest'
import { inventory } from './inventory.ts'
import { services, type ServiceEntry } from './services.ts'
import { state } from './state.ts'

test('every piece of state has one name, and a home whose mode is known', () => {
  const names = state.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(inventory().state.filter(({ mode }) => mode === '')).toEqual([])
})

test('every service is explained in one sentence, and a stateful one says what it holds', () => {
  for (const entry of services as readonly ServiceEntry[]) {
    expect(entry.why).toMatch(/^[A-Z].*\.$/)
    expect(entry.state !== undefined, entry.name).toBe(entry.class === 'stateful')
    if (entry.class === 'stateless') expect(entry.mode).toBe('active/active')
  }
})

test('no state lives in what is called stateless', () => {
  const stateless = new Set<string>(services.filter((entry) => entry.class === 'stateless').map(({ name }) => name))
  expect(state.filter(({ home }) => stateless.has(home))).toEqual([])
})

test('every stateful service is the home of something', () => {
  const homes = new Set<string>(state.map(({ home }) => home))
  expect(services.filter((entry) => entry.class === 'stateful' && !homes.has(entry.name))).toEqual([])
})
