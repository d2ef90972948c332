import { Type, type TUnsafe } from 'typebox'
import { forbidden } from '../../kernel/errors.ts'

const jsonTypes = ['array', 'boolean', 'integer', 'number', 'object', 'string', null]
const positiveInteger = { $ref: '#/definitions/positiveInteger' }
const positiveIntegerDefault0 = { $ref: '#/definitions/positiveIntegerDefault0' }
const enumeration = { type: 'array' }
const flag = { type: 'boolean' }
const plain = { type: 'string' }

/** What may be said of a property: a JSON schema that describes JSON schemas. */
export const propertyAttributes = {
  name: { type: 'string', maxLength: 255 },
  title: plain,
  description: plain,
  operators: { type: 'array', items: plain },
  type: { type: 'string', enum: jsonTypes },
  required: { $ref: '#/definitions/stringArray' },
  minimum: { type: 'number' },
  maximum: { type: 'number' },
  maxLength: positiveInteger,
  minLength: positiveIntegerDefault0,
  pattern: { type: 'string', format: 'regex' },
  enum: enumeration,
  readonly: flag,
  default: {},
  items: { type: 'object', properties: { type: { type: 'string', enum: jsonTypes }, enum: enumeration } },
  maxItems: positiveInteger,
  minItems: positiveIntegerDefault0,
  uniqueItems: { type: 'boolean', default: false },
  additionalItems: flag,
}

const numbers = {
  positiveInteger: { type: 'integer', minimum: 0 },
  positiveIntegerDefault0: { allOf: [positiveInteger, { default: 0 }] },
}
const strings = { type: 'array', items: plain, uniqueItems: true }

/** What a property by itself refers to. */
export const propertyDefinitions = { ...numbers, stringArray: { ...strings, minItems: 1 } }

/** What namespaces and objects refer to. */
export const definitions = {
  ...numbers,
  stringArray: strings,
  property: { type: 'object', additionalProperties: { type: 'object', required: ['title', 'type'], properties: propertyAttributes } },
}

/** When something was made or changed, which only the service itself says. */
export const moment = (description: string) => ({ type: 'string', readOnly: true, description, format: 'date-time' })

/** A link, which only the service itself says. */
export const link = { type: 'string', readOnly: true }

/** The document for a list of what `document` describes; `shape` says how the list is written. */
export function listDocument(name: string, document: { name: string; definitions?: object }, shape: (item: object) => object) {
  const { definitions: shared, ...item } = document
  return {
    ...(shared && { definitions: shared }),
    name,
    properties: { [name]: shape(item), first: plain, next: plain, schema: plain },
    links: [
      { rel: 'first', href: '{first}' },
      { rel: 'next', href: '{next}' },
      { rel: 'describedby', href: '{schema}' },
    ],
  }
}

export const asArray = (items: object) => ({ type: 'array', items })

/**
 * The published document as the check of requests. Formats are there for people (Python's patterns are none of ours), and
 * what only the service says gets a refusal of its own: `assertWritable`.
 */
export function checkedBy<T>(document: object): TUnsafe<T> {
  const rules: object = JSON.parse(JSON.stringify(document), (key, value) =>
    key === 'format' ? undefined : value?.readOnly === true ? {} : value,
  )
  return Type.Unsafe<T>({ type: 'object', ...rules })
}

/** Refuses a body with what only the service itself says. */
export function assertWritable({ properties }: { properties: object }, body: object): void {
  for (const [name, rule] of Object.entries(properties))
    if (rule.readOnly === true && name in body) throw forbidden(`Attribute '${name}' is read-only.`)
}
