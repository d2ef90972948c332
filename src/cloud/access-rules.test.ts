import { expect, test } from 'vitest'
import { isAllowedBy } from './access-rules.ts'

const allows = (path: string, asked: string) =>
  isAllowedBy([{ service: 'compute', method: 'GET', path }], { service: 'compute', method: 'GET', path: asked })

test.each([
  ['/v2.1/servers', '/v2.1/servers', true],
  ['/v2.1/servers', '/v2.1/servers/1', false],
  ['/v2.1/servers/*', '/v2.1/servers/1', true],
  ['/v2.1/servers/*', '/v2.1/servers/', false],
  ['/v2.1/servers/*', '/v2.1/servers/1/ips', false],
  ['/v2.1/servers/{server_id}/ips', '/v2.1/servers/1/ips', true],
  ['/v2.1/servers/{server_id}/ips', '/v2.1/servers/1/2/ips', false],
  ['/v2.1/**', '/v2.1/servers/1/ips', true],
  ['/v2.1/**', '/v2.10', false],
  ['/v2.1/**/ips', '/v2.1/servers/1/ips', true],
  ['/v2.1/**/ips', '/v2.1/servers/1/ip', false],
  ['**', '', true],
  ['/a.c', '/abc', false],
  ['/a{', '/a{', true],
])('%s and %s: %s', (pattern, path, is) => {
  expect(allows(pattern, path)).toBe(is)
})

test('service and method must be those of a rule', () => {
  const rules = [{ service: 'compute', method: 'GET', path: '/v2.1/servers' }]
  expect(isAllowedBy(rules, { service: 'image', method: 'GET', path: '/v2.1/servers' })).toBe(false)
  expect(isAllowedBy(rules, { service: 'compute', method: 'POST', path: '/v2.1/servers' })).toBe(false)
  expect(isAllowedBy([], { service: 'compute', method: 'GET', path: '/v2.1/servers' })).toBe(false)
})

test('a pattern that would be slow as a regular expression is not', () => {
  const began = performance.now()
  expect(allows('**a'.repeat(75), `/${'a'.repeat(4000)}b`)).toBe(false)
  expect(performance.now() - began).toBeLessThan(2000)
})
