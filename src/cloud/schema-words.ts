import type { SchemaProblem } from '../kernel/errors.ts'

/** A JSON value as Python prints it inside others: 'x', None, True, {'a': 1}. At most about 1000 characters. */
export function pythonRepr(value: unknown): string {
  const text = repr(value)
  return text.length > 1000 ? `${text.slice(0, 1000)}…` : text
}

/** A JSON value as Python prints it by itself: text without quotes. */
export const pythonText = (value: unknown): string => (typeof value === 'string' ? cut(value) : pythonRepr(value))

const cut = (text: string): string => (text.length > 1000 ? `${text.slice(0, 1000)}…` : text)

function repr(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([name, item]) => `${quoted(name)}: ${repr(item)}`)
      .join(', ')}}`
  return String(value)
}

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote
}

type Word = (value: string, params: Record<string, any>) => string

const words: Record<string, Word> = {
  required: (_, { requiredProperties }) => `${repr(requiredProperties?.[0])} is a required property`,
  additionalProperties: (_, { additionalProperties: names }) =>
    `Additional properties are not allowed (${names.map(repr).join(', ')} ${names.length === 1 ? 'was' : 'were'} unexpected)`,
  type: (value, { type }) => `${value} is not of type ${[type].flat().map(repr).join(', ')}`,
  minLength: (value) => `${value} is too short`,
  maxLength: (value) => `${value} is too long`,
  minItems: (value) => `${value} is too short`,
  maxItems: (value) => `${value} is too long`,
  uniqueItems: (value) => `${value} has non-unique elements`,
  minProperties: (value) => `${value} does not have enough properties`,
  maxProperties: (value) => `${value} has too many properties`,
  pattern: (value, { pattern }) => `${value} does not match ${repr(patternText(pattern))}`,
  format: (value, { format }) => `${value} is not a ${repr(format)}`,
  enum: (value, { allowedValues }) => `${value} is not one of ${repr(allowedValues)}`,
  const: (_, { allowedValue }) => `${repr(allowedValue)} was expected`,
  minimum: (value, { limit }) => `${value} is less than the minimum of ${limit}`,
  maximum: (value, { limit }) => `${value} is greater than the maximum of ${limit}`,
  exclusiveMinimum: (value, { limit }) => `${value} is less than or equal to the minimum of ${limit}`,
  multipleOf: (value, { multipleOf }) => `${value} is not a multiple of ${multipleOf}`,
}

const patternText = (pattern: unknown): string => (pattern instanceof RegExp ? pattern.source : String(pattern))

/** A broken rule in the words of Python's jsonschema, which most OpenStack services pass on to their users. */
export function describeProblem({ keyword, params, value }: SchemaProblem): string {
  const word = words[keyword]
  return word ? word(pythonRepr(value), params) : `${pythonRepr(value)} is not valid under any of the given schemas`
}
