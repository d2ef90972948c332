import { Compile } from 'typebox/compile'
import type { TSchema } from 'typebox'
import { nearest } from '../config/nearest.ts'

/** Something wrong in the section `topology`. */
export interface Mistake {
  /** Where: `topology.hosts.c1.roles`. */
  readonly place: string
  readonly problem: string
  /** How to put it right, one sentence. */
  readonly fix: string
}

interface Described {
  readonly must?: string
  readonly example?: string
  readonly choices?: readonly string[]
  readonly properties?: Readonly<Record<string, Described>>
  readonly items?: Described
}

/** What breaks the schema, in words; empty when nothing does. `place` is where the value stands in the file. */
export function schemaMistakes(schema: TSchema, value: unknown, place: string): Mistake[] {
  const found = new Map<string, Mistake>()
  for (const { keyword, instancePath, schemaPath, params } of Compile(schema).Errors(value)) {
    // A branch of a union says less than the union itself; `boolean` doubles `additionalProperties`.
    if (keyword === 'boolean' || schemaPath.includes('/anyOf/')) continue
    const path = instancePath.split('/').slice(1)
    const described = path.reduce<Described>((at, name) => at.properties?.[name] ?? at.items ?? {}, schema as Described)
    // Of a list it is the list that a person looks for.
    const names = path.filter((name) => !/^\d+$/.test(name))
    for (const mistake of inWords(keyword, { params, described, place: [place, ...names].join('.'), value: valueAt(value, path) }))
      found.set(`${mistake.place} ${mistake.problem}`, mistake)
  }
  return [...found.values()]
}

interface Broken {
  readonly params: unknown
  readonly described: Described
  readonly place: string
  readonly value: unknown
}

function inWords(keyword: string, { params, described, place, value }: Broken): Mistake[] {
  const known = Object.keys(described.properties ?? {})
  const names = params as { additionalProperties?: string[]; requiredProperties?: string[] }
  if (keyword === 'additionalProperties')
    return (names.additionalProperties ?? []).map((name) => ({
      place: `${place}.${name}`,
      problem: 'there is no such key',
      fix: didYouMean(name, known) ?? `There are: ${known.join(', ')}.`,
    }))
  if (keyword === 'required')
    return (names.requiredProperties ?? []).map((name) => ({
      place: `${place}.${name}`,
      problem: 'it is missing',
      fix: `Add it, such as \`${name}: ${described.properties?.[name]?.example ?? ''}\`.`,
    }))
  const { must = 'something else', example = '', choices = [] } = described
  return [
    {
      place,
      problem: `${JSON.stringify(value) ?? 'nothing'} won't do, it must be ${must}`,
      fix: (typeof value === 'string' ? didYouMean(value, choices) : undefined) ?? `Write for example ${example}.`,
    },
  ]
}

const didYouMean = (written: string, names: readonly string[]): string | undefined => {
  const meant = nearest(written, names)
  return meant && `Did you mean ${meant}?`
}

const valueAt = (value: unknown, path: readonly string[]): unknown => path.reduce<any>((at, name) => at?.[name], value)
