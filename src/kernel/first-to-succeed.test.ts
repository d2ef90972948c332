import { expect, test } from 'vitest'
import { firstToSucceed } from './first-to-succeed.ts'

const headStartMs = 20
const never = new Promise<never>(() => {})

test('the next one is tried at once when one fails, and nobody after the winner', async () => {
  const tried: string[] = []
  const attempt = async (one: string) => {
    tried.push(one)
    if (one === 'a') throw new Error('a fails')
    return one
  }
  expect(await firstToSucceed(['a', 'b', 'c'], { headStartMs: 60_000, attempt })).toBe('b')
  expect(tried).toEqual(['a', 'b'])
})

test('whoever keeps silent has others beside him; the losers are told, the winner is not, and what comes late is discarded', async () => {
  const signals = new Map<string, AbortSignal>()
  const discarded: string[] = []
  const beLate: ((value: string) => void)[] = []
  const attempt = async (one: string, signal: AbortSignal): Promise<string> => {
    signals.set(one, signal)
    if (one === 'late') return new Promise((resolve) => beLate.push(resolve))
    return one === 'silent' ? never : one
  }
  const winner = await firstToSucceed(['silent', 'late', 'well'], { headStartMs, attempt, discard: (one) => void discarded.push(one) })
  expect(winner).toBe('well')
  expect([...signals].map(([one, { aborted }]) => [one, aborted])).toEqual([
    ['silent', true],
    ['late', true],
    ['well', false],
  ])
  beLate[0]!('late')
  await new Promise(setImmediate)
  expect(discarded).toEqual(['late'])
})

test('when all fail, all failures are told in order', async () => {
  const attempt = async (one: string) => {
    throw new Error(one)
  }
  await expect(firstToSucceed(['a', 'b'], { headStartMs, attempt })).rejects.toMatchObject({ errors: [{ message: 'a' }, { message: 'b' }] })
})
