import type { TSchema } from 'typebox'

type AnySchema = { type?: string; properties?: Record<string, AnySchema>; items?: AnySchema; anyOf?: AnySchema[] }

/**
 * A query string as the schema wants it: numbers and booleans where it asks for them, lists where it asks for lists,
 * text otherwise. What can't be converted stays text, for the schema to refuse.
 */
export function readQuery(search: URLSearchParams, schema: TSchema): Record<string, unknown> {
  const properties = (schema as AnySchema).properties ?? {}
  const query: Record<string, unknown> = {}
  for (const name of new Set(search.keys())) {
    const wanted = properties[name]
    const values = search.getAll(name)
    if (wanted?.type === 'array') query[name] = values.map((value) => convert(value, wanted.items))
    else query[name] = values.length > 1 && !wanted ? values : convert(values.at(-1)!, wanted)
  }
  return query
}

function convert(text: string, wanted: AnySchema | undefined): unknown {
  const type = wanted?.type
  if ((type === 'integer' || type === 'number') && /^-?\d{1,15}(\.\d+)?$/.test(text)) return Number(text)
  if (type === 'boolean') {
    if (/^(true|1|yes|on|t|y)$/i.test(text)) return true
    if (/^(false|0|no|off|f|n)$/i.test(text)) return false
  }
  return text
}
