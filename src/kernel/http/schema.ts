import { Compile } from 'typebox/compile'
import type { TSchema } from 'typebox'
import { invalid, type SchemaProblem } from '../errors.ts'

/**
 * A version of an API as a comparable number: 2.79 is 2_079. Fields and routes carry marks of the form '2.79'.
 */
export type Version = number

/** Reads '2.79'; undefined when it is no version. */
export function parseVersion(text: string): Version | undefined {
  const parts = /^([1-9]\d*)\.(0|[1-9]\d{0,2})$/.exec(text)
  return parts ? Number(parts[1]) * 1000 + Number(parts[2]) : undefined
}

export const formatVersion = (version: Version): string => `${Math.floor(version / 1000)}.${version % 1000}`

/** From and until which version (both included) something exists. */
export interface Marks {
  readonly since?: string
  readonly until?: string
}

/** Whether something with these marks exists at `version`. Without a version everything does. */
export function existsAt(marks: Marks, version: Version | undefined): boolean {
  if (version === undefined) return true
  if (marks.since && version < parseVersion(marks.since)!) return false
  return !(marks.until && version > parseVersion(marks.until)!)
}

type AnySchema = Record<string, any>

/** The schema as it was at `version`: marked properties that did not exist then are gone from it. */
export function schemaAt(schema: AnySchema, version: Version | undefined): AnySchema {
  if (Array.isArray(schema)) return schema.map((part) => schemaAt(part, version))
  if (typeof schema !== 'object' || schema === null) return schema
  const copy: AnySchema = {}
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties') copy[key] = propertiesAt(value, version)
    else copy[key] = typeof value === 'object' && key !== 'default' && key !== 'enum' ? schemaAt(value, version) : value
  }
  if (copy.required && copy.properties) copy.required = copy.required.filter((name: string) => name in copy.properties)
  return copy
}

function propertiesAt(properties: AnySchema, version: Version | undefined): AnySchema {
  const present = Object.entries(properties).filter(([, schema]) => existsAt(schema, version))
  return Object.fromEntries(present.map(([name, schema]) => [name, schemaAt(schema, version)]))
}

const hasMarks = (schema: AnySchema): boolean => /"(since|until)":/.test(JSON.stringify(schema))

type Check = (value: unknown) => SchemaProblem | undefined

const checks = new WeakMap<object, Map<Version | undefined, Check>>()
const marked = new WeakMap<object, boolean>()

/** A check of `part` by `schema` at `version`, compiled on first use. Returns the first problem. */
export function checkOf(schema: TSchema, part: SchemaProblem['part'], version: Version | undefined): Check {
  let perVersion = checks.get(schema)
  if (!perVersion) {
    checks.set(schema, (perVersion = new Map()))
    marked.set(schema, hasMarks(schema))
  }
  const key = marked.get(schema) ? version : undefined
  let check = perVersion.get(key)
  if (!check) perVersion.set(key, (check = compile(key === undefined ? schema : schemaAt(schema, key), part)))
  return check
}

function compile(schema: AnySchema, part: SchemaProblem['part']): Check {
  const validator = Compile(schema as TSchema)
  return (value) => (validator.Check(value) ? undefined : firstProblem(validator.Errors(value), part, value))
}

type RawError = { keyword: string; instancePath: string; params: Record<string, unknown>; schemaPath: string }

// A `false` schema and the `additionalProperties` that it stands for are reported both; the second one names the rule.
// Of a union's errors the union's own comes last; its branches say less than "none of these".
function firstProblem(errors: readonly RawError[], part: SchemaProblem['part'], value: unknown): SchemaProblem {
  const telling = (error: RawError) => error.keyword !== 'boolean' && !/\/(anyOf|oneOf)\/\d+/.test(error.schemaPath)
  const error = errors.find(telling) ?? errors[0]!
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
  const found = path.reduce<any>((at, name) => at?.[name], value)
  return { part, path, keyword: error.keyword, params: error.params, value: found }
}

/** Refuses a value that breaks the schema. */
export function assertValid(schema: TSchema, part: SchemaProblem['part'], value: unknown, version?: Version): void {
  const problem = checkOf(schema, part, version)(value)
  if (problem) throw invalid(`The ${part} is not valid: ${problem.path.join('/') || part} ${problem.keyword}`, { problem })
}
