import { expect, test } from 'vitest'
import { isSameSecret } from './same-secret.ts'

test.each([
  ['rosebud', 'rosebud', true],
  ['rosebud', Buffer.from('rosebud'), true],
  ['rosebua', 'rosebud', false],
  ['rose', 'rosebud', false],
  ['rosebud!', 'rosebud', false],
  ['', 'rosebud', false],
])('%s for %s: %s', (shown, secret, same) => expect(isSameSecret(shown, secret)).toBe(same))
