import { Type, type TSchema } from 'typebox'
import { json } from '../kernel/sql/tables.ts'

/** A value of this type or null, as JSON Schema says it, so that refusals read as keystone's do. */
export const orNull = <T>(type: string, rules: object = {}) => Type.Unsafe<T | null>({ type: [type, 'null'], ...rules })

/** The parts that bodies are made of. */
export const is = {
  id: Type.String({ minLength: 1, maxLength: 64, pattern: '^[a-zA-Z0-9-]+$' }),
  idOrNull: orNull<string>('string', { minLength: 1, maxLength: 64, pattern: '^[a-zA-Z0-9-]+$' }),
  name: (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '[\\S]+' }),
  text: Type.String({ maxLength: 65_000 }),
  textOrNull: orNull<string>('string', { maxLength: 65_000 }),
  flag: Type.Boolean(),
  options: Type.Record(Type.String(), Type.Unknown()),
  immutable: Type.Object({ immutable: Type.Optional(orNull<boolean>('boolean')) }, { additionalProperties: false }),
}

/** All properties optional, as in a PATCH. */
export const partly = <P extends Record<string, TSchema>>(properties: P) => Type.Partial(Type.Object(properties))

type Attributes = Readonly<Record<string, unknown>>

/** What a client sent beyond what the API knows: kept and given back as it is. */
export function extraOf(body: Attributes, known: TSchema): Record<string, unknown> {
  const names = new Set([...Object.keys((known as { properties?: object }).properties ?? {}), 'id', 'links'])
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.has(name)))
}

/** Changes beyond what the API knows, laid over what was there; nothing when there are none. */
export function extraChange(before: Attributes, body: Attributes, known: TSchema): { extra_json?: string } {
  const extra = extraOf(body, known)
  return Object.keys(extra).length > 0 ? { extra_json: json({ ...before, ...extra }) } : {}
}

/** Options as they are after a change; null takes one away. */
export function mergedOptions(before: Attributes, change: Attributes | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== null && value !== undefined))
}

export const optionsChange = (before: Attributes, change: Attributes | undefined): { options_json?: string } =>
  change ? { options_json: json(mergedOptions(before, change)) } : {}

/** The given ones of these fields: a PATCH writes nothing else. */
export function given<T extends object, K extends keyof T>(body: T, ...names: K[]): { [P in K]?: Exclude<T[P], undefined> } {
  return Object.fromEntries(names.filter((name) => body[name] !== undefined).map((name) => [name, body[name]])) as {
    [P in K]?: Exclude<T[P], undefined>
  }
}
