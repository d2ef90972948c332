import { pageSize } from '../../cloud/paging.ts'
import { invalid } from '../../kernel/errors.ts'
import type { TaskStatus, TaskType } from '../tables.ts'

const defaultPage = 25
const maxPage = 1000
const statuses = ['pending', 'processing', 'success', 'failure'] as const
const types = ['import', 'api_image_import'] as const
const sortKeys = ['created_at', 'updated_at', 'id', 'type', 'status'] as const

/** What a list of tasks is asked for. */
export interface TaskSearch {
  readonly limit: number
  readonly marker: string | undefined
  readonly sortKey: (typeof sortKeys)[number]
  readonly direction: 'asc' | 'desc'
  readonly status: TaskStatus | undefined
  readonly type: TaskType | undefined
}

/** Reads the query of a list. */
export function readTaskSearch(query: URLSearchParams): TaskSearch {
  const marker = query.get('marker') ?? undefined
  if (marker !== undefined && !/^[0-9a-f-]{32,36}$/i.test(marker)) throw invalid('Invalid marker format')
  return {
    limit: readLimit(query.get('limit')),
    marker,
    sortKey: choose(query.get('sort_key') ?? 'created_at', sortKeys, 'Invalid sort key'),
    direction: choose(query.get('sort_dir') ?? 'desc', ['asc', 'desc'], 'Invalid sort direction'),
    status: optional(query.get('status'), statuses, 'Invalid status value'),
    type: optional(query.get('type'), types, 'Invalid type value'),
  }
}

function readLimit(text: string | null): number {
  if (text === null) return defaultPage
  if (!/^-?\d{1,15}$/.test(text.trim())) throw invalid('limit param must be an integer')
  if (Number(text) < 0) throw invalid('limit param must be positive')
  return pageSize(Number(text), maxPage)
}

function choose<T extends string>(text: string, choices: readonly T[], problem: string): T {
  const chosen = choices.find((choice) => choice === text)
  if (chosen === undefined) throw invalid(`${problem}: ${text.slice(0, 64)}`)
  return chosen
}

const optional = <T extends string>(text: string | null, choices: readonly T[], problem: string): T | undefined =>
  text === null || text === '' ? undefined : choose(text, choices, problem)
