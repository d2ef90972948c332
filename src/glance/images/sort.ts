import { invalid } from '../../kernel/errors.ts'

const sortNames = ['name', 'status', 'container_format', 'disk_format', 'size', 'id', 'created_at', 'updated_at'] as const
export type SortName = (typeof sortNames)[number]

export interface Sort {
  readonly name: SortName
  readonly direction: 'asc' | 'desc'
}

/** Reads either syntax: sort=name:asc,size, or sort_key=name&sort_dir=asc with one direction for all keys or one for each. */
export function readSorts(query: URLSearchParams): Sort[] {
  const keys = query.getAll('sort_key')
  const directions = query.getAll('sort_dir')
  const sort = query.get('sort')
  if (sort !== null) {
    if (keys.length > 0 || directions.length > 0) throw invalid('Old and new sorting syntax cannot be combined')
    return sort.split(',').map((part) => {
      const [key = '', direction] = part.split(':')
      return sortBy(key, direction || 'desc')
    })
  }
  if (directions.length > 1 && directions.length !== keys.length)
    throw invalid('Number of sort dirs does not match the number of sort keys')
  return (keys.length > 0 ? keys : ['created_at']).map((key, index) => sortBy(key, directions[index] ?? directions[0] ?? 'desc'))
}

function sortBy(key: string, direction: string): Sort {
  const name = sortNames.find((known) => known === key.trim())
  if (!name) throw invalid(`Invalid sort key: ${key.slice(0, 64)}. It must be one of the following: ${sortNames.join(', ')}.`)
  const way = direction.trim()
  if (way !== 'asc' && way !== 'desc') throw invalid(`Invalid sort direction: ${direction.slice(0, 64)}`)
  return { name, direction: way }
}
