import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseRoute, routerOf } from './router.ts'
import type { Method, Route } from './route.ts'

const route = (pattern: string, marks: { since?: string; until?: string } = {}): Route => {
  const [method, path] = pattern.split(' ') as [Method, string]
  return { method, path, ...marks, operation: { rule: 'public', run: () => ({ status: 200 }) } }
}
const router = routerOf([
  route('GET /'),
  route('GET /things'),
  route('POST /things'),
  route('GET /things/detail'),
  route('GET /things/:id'),
  route('GET /things/:id/parts/:part'),
  route('GET /things/detail/only/here'),
  route('PUT /things/:name', { until: '2.5' }),
  route('PUT /things/:id', { since: '2.6' }),
])
const find = (method: string, path: string, version?: number) => {
  const match = router.match(path)
  const choice = match && chooseRoute(match, method, version)
  return choice && { path: choice.route.path, params: choice.params }
}

describe('the router', () => {
  test('prefers fixed segments, and goes back to parameters where they lead nowhere', () => {
    expect(find('GET', '/things/detail')).toEqual({ path: '/things/detail', params: {} })
    expect(find('GET', '/things/x')).toEqual({ path: '/things/:id', params: { id: 'x' } })
    expect(find('GET', '/things/detail/only/here')).toEqual({ path: '/things/detail/only/here', params: {} })
    expect(find('GET', '/things/detail/parts/7')).toEqual({ path: '/things/:id/parts/:part', params: { id: 'detail', part: '7' } })
  })

  test('takes a slash at the end for none', () => {
    expect(find('GET', '/things/')).toEqual(find('GET', '/things'))
    expect(find('GET', '')).toEqual(find('GET', '/'))
  })

  test('finds nothing behind a slash at the end where that counts', () => {
    const strict = routerOf([route('GET /'), route('GET /things')], { slashCounts: true })
    expect(['/things/', '/things//', '/things', '/', ''].map((path) => strict.match(path) !== undefined)).toEqual([
      false,
      false,
      true,
      true,
      true,
    ])
  })

  test('chooses by version, and answers HEAD as GET', () => {
    expect(find('PUT', '/things/x', 2_005)).toEqual({ path: '/things/:name', params: { name: 'x' } })
    expect(find('PUT', '/things/x', 2_006)).toEqual({ path: '/things/:id', params: { id: 'x' } })
    expect(find('HEAD', '/things/x')).toEqual(find('GET', '/things/x'))
    expect(find('DELETE', '/things/x')).toBeUndefined()
  })

  test('gives back any id that was encoded into the path', () => {
    const id = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0') && text !== 'detail')
    fc.assert(
      fc.property(
        id,
        fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0')),
        (one, part) => {
          expect(find('GET', `/things/${encodeURIComponent(one)}/parts/${encodeURIComponent(part)}`)?.params).toEqual({ id: one, part })
        },
      ),
    )
  })

  test('knows no path that can not be decoded, or with a NUL in it', () => {
    for (const path of ['/things/%', '/things/%ff', '/things/a%00b', '/nothing', '/things/x/parts'])
      expect(find('GET', path)).toBeUndefined()
  })

  test('never throws, whatever the path', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (path) => void router.match(path)))
  })
})
