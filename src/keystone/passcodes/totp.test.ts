import { expect, test } from 'vitest'
import { fromBase32, passcodeOf, stepAt, stepOfPasscode } from './totp.ts'

const secret = Buffer.from('12345678901234567890')

test('passcodes are those of RFC 6238', () => {
  // Appendix B has eight digits of each; these are the last six.
  const known: [number, string][] = [
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ]
  for (const [seconds, passcode] of known) expect(passcodeOf(secret, stepAt(new Date(seconds * 1000)))).toBe(passcode)
})

test('one is good in its half minute and the next, and in no other', () => {
  const [begin, step] = [1111111110, 37037037]
  const after = (seconds: number) => stepOfPasscode(secret, '050471', new Date((begin + seconds) * 1000))
  expect([-1, 0, 29, 30, 59, 60].map(after)).toEqual([undefined, step, step, step, step, undefined])
})

test('a secret is read with and without its padding, and is nothing else', () => {
  expect(fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')).toEqual(secret)
  expect(fromBase32('MZXW6===')?.toString()).toBe('foo')
  expect(fromBase32('MZXW6')?.toString()).toBe('foo')
  for (const text of ['', '===', 'mzxw6', 'MZXW 6', 'MZXW1', '{"secret": "MZXW6"}']) expect(fromBase32(text), text).toBeUndefined()
})
