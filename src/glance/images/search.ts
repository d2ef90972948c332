import { invalid } from '../../kernel/errors.ts'
import { pageSize } from '../../cloud/paging.ts'
import { readAmount, readFlag, readIn, readTime, type TimeFilter } from './filter-values.ts'
import { readSorts, type Sort } from './sort.ts'

const defaultPage = 25
const maxPage = 1000

/** What a list request asks for. */
export interface Search {
  readonly limit: number
  readonly marker: string | undefined
  readonly sorts: readonly Sort[]
  /** undefined: what is listed by default, without other projects' community images. */
  readonly visibility: string | undefined
  /** Which shared images a project that they are shared with gets to see. */
  readonly memberStatus: string
  readonly hidden: boolean
  readonly tags: readonly string[]
  readonly sizeMin: number | undefined
  readonly sizeMax: number | undefined
  readonly times: readonly TimeFilter[]
  /** Columns and the values that will do. */
  readonly equal: readonly (readonly [column: EqualColumn, values: readonly (string | number | boolean)[]])[]
  readonly properties: readonly (readonly [name: string, value: string])[]
}

const equalFilters = {
  id: ['id', readIn],
  name: ['name', readIn],
  status: ['status', readIn],
  disk_format: ['disk_format', readIn],
  container_format: ['container_format', readIn],
  owner: ['owner', (value: string) => [value]],
  checksum: ['checksum', (value: string) => [value]],
  os_hash_value: ['hash', (value: string) => [value]],
  protected: ['protected', (value: string) => [readFlag('protected', value)]],
  min_disk: ['min_disk_gb', (value: string) => [readAmount(value)]],
  min_ram: ['min_ram_mb', (value: string) => [readAmount(value)]],
  size: ['size_bytes', (value: string) => [readAmount(value)]],
} as const
export type EqualColumn = (typeof equalFilters)[keyof typeof equalFilters][0]

const ownNames = new Set([
  'limit',
  'marker',
  'sort',
  'sort_key',
  'sort_dir',
  'visibility',
  'member_status',
  'os_hidden',
  'tag',
  'size_min',
  'size_max',
])
const timeNames = ['created_at', 'updated_at'] as const

/** Reads a list's query. Every name that is no attribute is a property's. */
export function readSearch(query: URLSearchParams): Search {
  if (query.get('changes-since')) throw invalid('The "changes-since" filter is no longer available on v2.')
  const number = (name: string) => (query.has(name) ? readAmount(query.get(name)!) : undefined)
  const given = [...new Map(query).entries()]
  return {
    limit: pageSize(readLimit(query.get('limit')) ?? defaultPage, maxPage),
    marker: query.get('marker') ?? undefined,
    sorts: readSorts(query),
    visibility: readChoice(query.get('visibility'), ['community', 'public', 'private', 'shared', 'all'], 'Invalid visibility value'),
    memberStatus: readChoice(query.get('member_status'), ['pending', 'accepted', 'rejected', 'all'], 'Invalid status') ?? 'accepted',
    hidden: query.has('os_hidden') && readFlag('os_hidden', query.get('os_hidden')!),
    tags: query.getAll('tag').map((tag) => tag.trim()),
    sizeMin: number('size_min'),
    sizeMax: number('size_max'),
    times: timeNames.flatMap((name) => query.getAll(name).map((value) => readTime(name, value))),
    equal: given.flatMap(([name, value]) => (isEqualFilter(name) ? [[equalFilters[name][0], equalFilters[name][1](value)] as const] : [])),
    properties: given.filter(([name]) => !ownNames.has(name) && !isEqualFilter(name) && !(timeNames as readonly string[]).includes(name)),
  }
}

const isEqualFilter = (name: string): name is keyof typeof equalFilters => Object.hasOwn(equalFilters, name)

function readLimit(text: string | null): number | undefined {
  if (text === null) return undefined
  if (!/^-?\d{1,15}$/.test(text.trim())) throw invalid('limit param must be an integer')
  if (Number(text) < 0) throw invalid('limit param must be positive')
  return Number(text)
}

function readChoice(value: string | null, choices: readonly string[], problem: string): string | undefined {
  if (value === null || value === '') return undefined
  if (!choices.includes(value)) throw invalid(`${problem}: ${value.slice(0, 64)}`)
  return value
}
