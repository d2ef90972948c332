import { expect, test } from 'vitest'
import { systemIds } from '../../kernel/clock.ts'
import { openGate } from './gate.ts'
import { hashPassword, verifyPassword } from './hash.ts'

test('a password is known again, and no other', async () => {
  const hash = await hashPassword(systemIds, 'pässword', 4)
  expect(hash).toMatch(/^\$scrypt\$ln=4,r=8,p=1\$/)
  expect(await verifyPassword('pässword', hash)).toBe(true)
  expect(await verifyPassword('password', hash)).toBe(false)
  expect(await hashPassword(systemIds, 'pässword', 4)).not.toBe(hash)
})

test('without a hash, or with one that can not be read, nothing is right', async () => {
  expect(await verifyPassword('', null)).toBe(false)
  expect(await verifyPassword('x', undefined)).toBe(false)
  expect(await verifyPassword('x', '$2b$12$abc')).toBe(false)
})

test('a gate lets so many in at once, keeps the rest in line, and turns away whom the line has no room for', async () => {
  const gate = openGate({ atOnce: 2, maxWaiting: 3 })
  let inside = 0
  let most = 0
  const open: (() => void)[] = []
  const visit = () =>
    gate(async () => {
      most = Math.max(most, ++inside)
      await new Promise<void>((resolve) => open.push(resolve))
      inside--
    })
  const visits = Array.from({ length: 5 }, visit)
  await expect(visit()).rejects.toMatchObject({ kind: 'unavailable' })
  for (let left = 0; left < 5; left++) {
    while (open.length === 0) await Promise.resolve()
    open.shift()!()
  }
  await Promise.all(visits)
  expect(most).toBe(2)
  await expect(gate(() => Promise.reject(new Error('fails')))).rejects.toThrow('fails')
  await expect(gate(async () => 'next')).resolves.toBe('next')
})
