import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeProblem, pythonRepr, pythonText } from './schema-words.ts'

describe('a value in the words of Python', () => {
  test.each<[unknown, string]>([
    ['x', "'x'"],
    ["it's", '"it\'s"'],
    [`both ' and "`, `'both \\' and "'`],
    ['a\\\n', "'a\\\\\\n'"],
    [null, 'None'],
    [true, 'True'],
    [{ a: [1, false, {}] }, "{'a': [1, False, {}]}"],
  ])('%j', (value, text) => {
    expect(pythonRepr(value)).toBe(text)
  })

  test('is never long, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(pythonRepr(value).length).toBeLessThanOrEqual(1001)
      }),
    )
    expect(pythonText('x'.repeat(5000)).length).toBe(1001)
  })
})

describe('a broken rule in the words of jsonschema', () => {
  const problem = { part: 'body' as const, path: ['name'], params: {}, value: 'x' }
  test.each([
    [{ ...problem, keyword: 'required', params: { requiredProperties: ['name'] } }, "'name' is a required property"],
    [{ ...problem, keyword: 'type', params: { type: ['integer', 'null'] } }, "'x' is not of type 'integer', 'null'"],
    [
      { ...problem, keyword: 'additionalProperties', params: { additionalProperties: ['a', 'b'] } },
      "Additional properties are not allowed ('a', 'b' were unexpected)",
    ],
    [{ ...problem, keyword: 'enum', params: { allowedValues: ['y'] } }, "'x' is not one of ['y']"],
    [{ ...problem, keyword: 'pattern', params: { pattern: /^a/ } }, "'x' does not match '^a'"],
    [{ ...problem, keyword: 'anyOf' }, "'x' is not valid under any of the given schemas"],
  ])('%#', (one, words) => {
    expect(describeProblem(one)).toBe(words)
  })
})
