import fc from 'fast-check'

type Schema = Record<string, any>

/** What exists in the cloud that garbage is thrown at. */
export interface Known {
  readonly all: readonly string[]
  /** Ids by the plural of what they name: networks. */
  readonly byKind: Readonly<Record<string, readonly string[]>>
}

const awkward = [
  '',
  ' ',
  '\0',
  '\u{1f4a5}',
  '\ud800',
  'a\r\nb',
  "'; drop table nova_servers; --",
  '%',
  '%25',
  '../../etc/passwd',
  '(',
  '[',
  '*',
  '\\',
  '$',
  'null',
  'NaN',
  '-1',
  '1e308',
  '9223372036854775808',
  '2147483648',
  '0x10',
  'true',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '0000-00-00',
  '2024-02-30T25:61:61Z',
  '2026-01-01T00:00:00Z',
  '275760-09-13T00:00:01Z',
  '-000001-01-01T00:00:00Z',
  '10.0.0.0/33',
  '10.0.0.0/8',
  '::/0',
  'fe80::1%eth0',
  '256.1.1.1',
  '10.0.0.1',
  'aa:bb:cc:dd:ee:ff',
  'ff:ff:ff:ff:ff:ff:ff',
  'in:',
  'in:a,b',
  'gt:5',
  'neq:',
  'ı',
  'ß'.repeat(300),
]

/** Text that programs trip over: awkward words, any characters, very long ones, and ids that exist. */
export const strings = (known: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...known, ...awkward) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    { weight: 1, arbitrary: fc.integer({ min: 30, max: 40_000 }).map((length) => 'x'.repeat(length)) },
    { weight: 1, arbitrary: fc.uuid() },
  )

const numbers = fc.oneof(
  fc.integer({ min: -2, max: 300 }),
  fc.constantFrom(2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63, -(2 ** 31) - 1, 1e308, -1e308, 1e-320, 0.5, -0, 65_535, 65_536),
)

// Deep, though not so deep that this program itself gives up.
const deep = (depth: number, leaf: unknown): unknown => {
  let value = leaf
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { a: value }
  return value
}

/** Any JSON value, small or strange. */
export const junk = (known: readonly string[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    strings(known),
    numbers,
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      [],
      {},
      [[]],
      [null],
      [{}],
      { '': null },
      JSON.parse('{"__proto__":{"a":1},"constructor":[]}'),
    ),
    fc.integer({ min: 1, max: 400 }).map((depth) => deep(depth, 1)),
    fc.jsonValue({ maxDepth: 3 }),
  )

/** Values that the schema mostly allows; where it can't be followed, anything. */
export function valuesOf(schema: Schema, known: Known): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...(schema.enum as unknown[]))
  const branches = schema.anyOf ?? schema.oneOf
  if (branches) return fc.oneof(...(branches as Schema[]).map((branch) => valuesOf(branch, known)))
  const type: unknown = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === 'object' || schema.properties) return objectsOf(schema, known)
  if (type === 'array') {
    const items = schema.items && !Array.isArray(schema.items) ? valuesOf(schema.items, known) : junk(known.all)
    return fc.array(items, { minLength: Math.min(schema.minItems ?? 0, 3), maxLength: 3 })
  }
  if (type === 'string') return textsOf(schema, known)
  if (type === 'integer')
    return fc.integer({ min: schema.minimum ?? -1, max: Math.max(schema.minimum ?? -1, schema.maximum ?? 2 ** 31 - 1) })
  if (type === 'number') return numbers
  if (type === 'boolean') return fc.boolean()
  if (type === 'null') return fc.constant(null)
  return junk(known.all)
}

// A field that names another resource mostly names one that exists: network_id, imageRef.
function fieldOf(name: string, schema: Schema, known: Known): fc.Arbitrary<unknown> {
  const values = valuesOf(schema, known)
  const kind = `${name.replace(/(_id|_uuid|Ref)$/, '').replaceAll('_', '-')}s`
  const ids = known.byKind[kind] ?? []
  return ids.length > 0 && kind !== `${name}s`
    ? fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: values })
    : values
}

function objectsOf(schema: Schema, known: Known): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>)
  const record = Object.fromEntries(properties.map(([name, one]) => [name, fieldOf(name, one, known)]))
  const required = new Set((schema.required ?? []) as string[])
  // With many fields at once hardly any body would be right as a whole.
  const optional = fc.subarray(Object.keys(record).filter((name) => !required.has(name)))
  const fixed = fc
    .tuple(optional, fc.nat(3))
    .chain(([names, most]) => fc.record(only(record, [...required, ...names.slice(0, most)]))) as fc.Arbitrary<object>
  const more = schema.patternProperties ? Object.values(schema.patternProperties as Record<string, Schema>)[0] : schema.additionalProperties
  if (typeof more !== 'object' || more === null) return fixed
  const extra = fc.dictionary(
    fc.oneof(fc.constantFrom('a', 'key', 'CUSTOM_A', 'VCPU', ...known.all), fc.string({ minLength: 1, maxLength: 12 })),
    valuesOf(more, known),
    { maxKeys: 3 },
  )
  return fc.tuple(fixed, extra).map(([own, rest]) => ({ ...rest, ...own }))
}

const plausible = [
  'CUSTOM_A',
  'garbage',
  '1',
  '10.9.0.0/28',
  '10.9.0.7',
  '2001:db8::/64',
  '2001:db8::1',
  'fa:16:3e:00:00:01',
  '2026-01-01T00:00:00Z',
  '80:90',
]

function textsOf(schema: Schema, known: Known): fc.Arbitrary<string> {
  const pattern = schema.pattern === undefined ? undefined : new RegExp(schema.pattern)
  const fitting = [...known.all, ...plausible].filter((text) => !pattern || pattern.test(text))
  const any = fc.oneof(fc.string({ minLength: 1, maxLength: 12 }), strings(known.all))
  return fitting.length > 0 ? fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...fitting) }, { weight: 1, arbitrary: any }) : any
}

interface Slip {
  readonly where: number
  readonly what: 'replace' | 'remove' | 'wrap' | 'add' | 'rename'
  readonly value: unknown
}

const only = (record: Record<string, fc.Arbitrary<unknown>>, names: readonly string[]) =>
  Object.fromEntries(names.flatMap((name) => (record[name] ? [[name, record[name]] as const] : [])))

/** The same value with up to three slips at any places of it, or with none. */
export const damaged = (values: fc.Arbitrary<unknown>, known: readonly string[]): fc.Arbitrary<unknown> => {
  const slip: fc.Arbitrary<Slip> = fc.record({
    where: fc.nat(60),
    what: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'wrap', 'add', 'rename'),
    value: junk(known),
  })
  return fc
    .tuple(
      values,
      fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 3, arbitrary: fc.array(slip, { minLength: 1, maxLength: 3 }) }),
    )
    .map(([value, slips]) => slips.reduce(withSlip, value))
}

function withSlip(value: unknown, slip: Slip): unknown {
  const root = { root: structuredClone(value) }
  const places = placesIn(root)
  const { holder, name } = places[slip.where % places.length]!
  const at = holder as Record<string, unknown>
  if (slip.what === 'replace') at[name] = slip.value
  else if (slip.what === 'wrap') at[name] = [at[name]]
  else if (slip.what === 'add' && Array.isArray(at)) at.push(slip.value)
  else if (slip.what === 'add') define(at, typeof slip.value === 'string' ? slip.value : 'unheard_of', slip.value)
  else if (name !== 'root') {
    if (slip.what === 'rename') at[`${name}x`] = at[name]
    delete at[name]
  }
  return root.root
}

// Also for names such as __proto__, which an assignment would take for something else.
const define = (at: object, name: string, value: unknown) =>
  Object.defineProperty(at, name, { value, enumerable: true, configurable: true, writable: true })

function placesIn(value: object, depth = 0): { holder: object; name: string }[] {
  return Object.entries(value).flatMap(([name, inner]) => [
    { holder: value, name },
    ...(typeof inner === 'object' && inner !== null && depth < 8 ? placesIn(inner as object, depth + 1) : []),
  ])
}
