import { invalid } from '../../kernel/errors.ts'
import { assertValid } from '../../kernel/http/schema.ts'
import { assertWritable } from './rules.ts'
import { ImageBody } from './schema.ts'
import { forbidden } from '../../kernel/errors.ts'

/** One step of a patch. */
export interface Operation {
  readonly op: 'add' | 'replace' | 'remove'
  readonly name: string
  readonly value: unknown
}

const verbs = ['add', 'remove', 'replace'] as const

/**
 * Reads a patch in one of glance's two formats: 10 is `{ op, path, value }`, the older 4 is `{ add: path, value }`.
 * Refuses as glance/api/v2/images.py does: 400 for form, 403 for names that clients may not write.
 */
export function readOperations(body: unknown, draft: 4 | 10): Operation[] {
  if (!Array.isArray(body)) throw invalid('Request body must be a JSON array of operation objects.')
  return body.map((raw: unknown) => {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw invalid('Operations must be JSON objects.')
    const members = raw as Record<string, unknown>
    const { op, path } = draft === 10 ? readTenth(members) : readFourth(members)
    return readOperation(op, pointerParts(path), members)
  })
}

function readTenth(raw: Record<string, unknown>): { op: Operation['op']; path: unknown } {
  const { op } = raw
  const choice = `It must be one of the following: ${verbs.join(', ')}.`
  if (op === undefined || op === null) throw invalid(`Unable to find \`op\` in JSON Schema change. ${choice}`)
  const verb = verbs.find((known) => known === op)
  if (!verb) throw invalid(`Invalid operation: \`${String(op).slice(0, 64)}\`. ${choice}`)
  if (!('path' in raw)) throw invalid("Unable to find 'path' in JSON Schema change")
  return { op: verb, path: raw.path }
}

function readFourth(raw: Record<string, unknown>): { op: Operation['op']; path: unknown } {
  const [op, second] = verbs.filter((verb) => Object.hasOwn(raw, verb))
  const rule = `Operation objects must contain ${second ? 'only' : 'exactly'} one member named "add", "remove", or "replace".`
  if (!op || second) throw invalid(rule)
  return { op, path: raw[op] }
}

function readOperation(op: Operation['op'], path: readonly string[], raw: Record<string, unknown>): Operation {
  const name = path[0]!
  if (path.length !== 1 && name !== 'locations') throw invalid(`Invalid JSON pointer for this resource: '/${path.join('/')}'`)
  if (op !== 'remove' && !Object.hasOwn(raw, 'value')) throw invalid(`Operation "${op}" requires a member named "value".`)
  if (name === 'id') throw forbidden("Attribute 'id' is read-only.")
  assertWritable(name)
  if (op !== 'remove') assertValid(ImageBody, 'body', Object.fromEntries([[name, raw.value]]))
  return { op, name, value: raw.value }
}

/** The parts of a JSON pointer, unescaped. */
function pointerParts(pointer: unknown): string[] {
  if (typeof pointer !== 'string') throw invalid('A JSON pointer must be a string.')
  const refuse = (problem: string) => invalid(`Pointer \`${pointer.slice(0, 300)}\` ${problem}`)
  if (!pointer.startsWith('/')) throw refuse('does not start with "/".')
  if (/\/\s*?\//.test(pointer.slice(1))) throw refuse('contains adjacent "/".')
  if (pointer.length > 1 && pointer.endsWith('/')) throw refuse('end with "/".')
  if (pointer.slice(1).trim() === '') throw refuse('does not contains valid token.')
  if (/~[^01]/.test(pointer) || pointer.endsWith('~')) throw refuse('contains "~" not part of a recognized escape sequence.')
  return pointer
    .replace(/^\/+/, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~').trim())
}
