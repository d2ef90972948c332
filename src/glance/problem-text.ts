import type { SchemaProblem } from '../kernel/errors.ts'

/** A broken schema in the words of Python's jsonschema, which glance passes on. */
export function problemText({ keyword, params, path, value }: SchemaProblem): string {
  const shown = quote(value)
  const sentence = sentences[keyword]?.(shown, params) ?? `${shown} is not valid under the given schema`
  const where = path.map((part) => `[${quote(part)}]`).join('')
  return `${sentence}\n\nFailed validating '${keyword}' in schema\n\nOn instance${where}:\n    ${shown}`
}

type Params = Readonly<Record<string, unknown>>

const sentences: Record<string, (shown: string, params: Params) => string> = {
  enum: (shown, { allowedValues }) => `${shown} is not one of ${quote(allowedValues)}`,
  type: (shown, { type }) => `${shown} is not of type ${[type].flat().map(quote).join(', ')}`,
  maxLength: (shown) => `${shown} is too long`,
  minLength: (shown) => `${shown} is too short`,
  pattern: (shown, { pattern }) => `${shown} does not match ${quote(String(pattern))}`,
  required: (_shown, { requiredProperties }) => `${quote([requiredProperties].flat()[0])} is a required property`,
}

/** A value as Python prints it; long ones are cut. */
export function quote(value: unknown): string {
  const text = literal(value)
  return text.length > 500 ? `${text.slice(0, 500)}...` : text
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return value.includes("'") && !value.includes('"') ? `"${value}"` : `'${value.replaceAll("'", "\\'")}'`
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([name, part]) => `${literal(name)}: ${literal(part)}`)
      .join(', ')}}`
  return String(value)
}
