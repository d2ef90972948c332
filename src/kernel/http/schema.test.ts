import fc from 'fast-check'
import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { readQuery } from './query.ts'
import { checkOf, existsAt, formatVersion, parseVersion, schemaAt } from './schema.ts'

describe('a version', () => {
  test('is read and written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 0, max: 999 }), (major, minor) => {
        const text = `${major}.${minor}`
        expect(parseVersion(text)).toBe(major * 1000 + minor)
        expect(formatVersion(parseVersion(text)!)).toBe(text)
      }),
    )
  })

  test.each(['', '2', '2.', '.1', '02.1', '2.01', '2.1000', '2.1.1', ' 2.1', '2.1 ', 'latest', '-2.1', '2.1e3'])('is not %j', (text) => {
    expect(parseVersion(text)).toBeUndefined()
  })

  test('has what its marks say, both ends included', () => {
    const marks = { since: '2.10', until: '2.20' }
    expect([2_009, 2_010, 2_020, 2_021].map((version) => existsAt(marks, version))).toEqual([false, true, true, false])
    expect(existsAt(marks, undefined)).toBe(true)
    expect(existsAt({}, 1_000)).toBe(true)
  })
})

describe('a schema', () => {
  const Thing = Type.Object(
    {
      name: Type.String(),
      inner: Type.Optional(
        Type.Object({ tags: Type.Optional(Type.Array(Type.String(), { since: '2.52' })) }, { additionalProperties: false }),
      ),
      host: Type.String({ since: '2.74' }),
      old: Type.Optional(Type.String({ until: '2.5' })),
    },
    { additionalProperties: false },
  )
  const problem = (value: unknown, version?: number) => checkOf(Thing, 'body', version)(value)

  test('knows only what there was at a version', () => {
    expect(problem({ name: 'x', old: 'y' }, 2_005)).toBeUndefined()
    expect(problem({ name: 'x', old: 'y' }, 2_006)).toMatchObject({ keyword: 'additionalProperties', path: [] })
    expect(problem({ name: 'x', inner: { tags: [] } }, 2_051)).toMatchObject({ keyword: 'additionalProperties', path: ['inner'] })
    expect(problem({ name: 'x', inner: { tags: [] } }, 2_052)).toBeUndefined()
    expect(problem({ name: 'x' }, 2_074)).toMatchObject({ keyword: 'required' })
    expect(problem({ name: 'x', host: 'h' }, 2_074)).toBeUndefined()
  })

  test('is never changed by that', () => {
    const before = JSON.stringify(Thing)
    schemaAt(Thing, 2_001)
    expect(JSON.stringify(Thing)).toBe(before)
  })

  test('tells where it is broken, with names as they were written', () => {
    const Deep = Type.Object({ list: Type.Array(Type.Object({ 'a/b~c': Type.Integer({ maximum: 5 }) })) })
    expect(checkOf(Deep, 'body', undefined)({ list: [{ 'a/b~c': 1 }, { 'a/b~c': 9 }] })).toMatchObject({
      part: 'body',
      path: ['list', '1', 'a/b~c'],
      keyword: 'maximum',
      value: 9,
    })
  })

  test('of a union says that none fits, not why the first does not', () => {
    const Either = Type.Object({ id: Type.Union([Type.Integer(), Type.Null()]) })
    expect(checkOf(Either, 'body', undefined)({ id: 'x' })).toMatchObject({ keyword: 'anyOf', path: ['id'] })
  })
})

describe('a query', () => {
  const Query = Type.Object({
    limit: Type.Optional(Type.Integer()),
    deleted: Type.Optional(Type.Boolean()),
    tag: Type.Optional(Type.Array(Type.String())),
    name: Type.Optional(Type.String()),
  })
  const read = (text: string) => readQuery(new URLSearchParams(text), Query)

  test('becomes what its schema asks for', () => {
    expect(read('limit=5&deleted=True&tag=a&tag=b&name=7')).toEqual({ limit: 5, deleted: true, tag: ['a', 'b'], name: '7' })
    expect(read('deleted=0&tag=a')).toEqual({ deleted: false, tag: ['a'] })
  })

  test('keeps what can not be converted for the schema to refuse', () => {
    for (const limit of ['x', '', '1e3', '0x10', ' 1', '9'.repeat(16)])
      expect(read(`limit=${encodeURIComponent(limit)}`)).toEqual({ limit })
    expect(read('deleted=maybe')).toEqual({ deleted: 'maybe' })
  })

  test('takes the last of several where there can be one, and all of an unknown name', () => {
    expect(read('limit=1&limit=2&other=1&other=2')).toEqual({ limit: 2, other: ['1', '2'] })
  })
})
