import { mkdirSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Errors } from 'typebox/schema'
import { parse } from 'yaml'
import { exceptions } from './openapi-exceptions.ts'

// OpenStack's own description of its APIs, where it lies beside this project: each answer of a test is held against it.

const root = join(import.meta.dirname, '../..')
const folder = process.env['SKYKEEL_OPENAPI'] ?? join(root, '../shared/openapi')

/** The document of a service, by the prefix of its paths. */
const files: Readonly<Record<string, string>> = {
  identity: 'identity-v3.14.yaml',
  image: 'image-v2.16.yaml',
  placement: 'placement-v1.39.yaml',
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { responses?: Readonly<Record<string, Described>> }>>>>
  readonly components: object
}
interface Described {
  readonly content?: Readonly<Record<string, { schema?: object }>>
}

/** What an answer has that its description has not, or the other way round; nothing where there is no description. */
export function undocumented(method: string, path: string, { status, body }: { status: number; body: unknown }): string[] {
  const [, prefix = '', rest = ''] = /^\/(\w+)(\/[^?]*)/.exec(path) ?? []
  if (status < 200 || status > 299 || typeof body !== 'object' || body === null || !Object.hasOwn(files, prefix)) return []
  const document = documentOf(prefix)
  const template = document && templateOf(document, rest)
  if (!document || template === undefined) return []
  const schema = document.paths[template]?.[method.toLowerCase()]?.responses?.[String(status)]?.content?.['application/json']?.schema
  if (!schema) return []
  const name = `${method} /${prefix}${template}`
  return complaints(document, schema, body)
    .map((complaint) => `${name}: ${complaint}`)
    .filter((complaint) => !exceptions.some((exception) => exception.complaint.test(complaint)))
}

const documents = new Map<string, Document | undefined>()

function documentOf(prefix: string): Document | undefined {
  if (!documents.has(prefix)) {
    const file = join(folder, files[prefix]!)
    documents.set(prefix, existsSync(file) ? readDocument(file) : undefined)
  }
  return documents.get(prefix)
}

// A megabyte of YAML takes seconds to read, and JSON none.
function readDocument(file: string): Document {
  const cache = join(root, 'node_modules/.cache/openapi')
  const kept = join(cache, `${statSync(file).mtimeMs}-${file.replaceAll('/', '_')}.json`)
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8')) as Document
  const document = parse(readFileSync(file, 'utf8')) as Document
  mkdirSync(cache, { recursive: true })
  writeFileSync(`${kept}.${process.pid}`, JSON.stringify(document))
  renameSync(`${kept}.${process.pid}`, kept)
  return document
}

/** The template of the document that a path is of; a literal segment is closer than a parameter. */
function templateOf({ paths }: Document, path: string): string | undefined {
  const segments = path.split('/')
  const fits = (template: string) => {
    const parts = template.split('/')
    return parts.length === segments.length && parts.every((part, index) => part.startsWith('{') || part === segments[index])
  }
  const parameters = (template: string) => template.split('{').length
  return Object.keys(paths)
    .filter(fits)
    .toSorted((a, b) => parameters(a) - parameters(b))[0]
}

// Most schemas are asked for once in a process: compiling them would take longer.
function complaints({ components }: Document, schema: object, body: unknown): string[] {
  const [fits, errors] = Errors({ ...schema, components } as never, body)
  // keystone's ids are 32 digits, and "default".
  const meant = errors.filter(({ keyword }) => keyword !== 'format')
  return fits ? [] : meant.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
}
