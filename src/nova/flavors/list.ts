import { isAdmin, type CloudContext } from '../../cloud/context.ts'
import type { SortKey } from '../../cloud/paging.ts'
import { invalid } from '../../kernel/errors.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { pageLimit } from '../pages.ts'
import { listFlavors, usableFlavor, type Flavor } from './store.ts'
import type { FlavorListQuery } from './schema.ts'

/** nova's names of sort keys, and the columns behind them; a key that may be empty sorts by id alone. */
const columns: Readonly<Record<string, string>> = {
  id: 'created_at',
  created_at: 'created_at',
  name: 'name',
  memory_mb: 'memory_mb',
  root_gb: 'disk_gb',
  ephemeral_gb: 'ephemeral_gb',
  swap: 'swap_mb',
  vcpus: 'vcpus',
  rxtx_factor: 'rxtx_factor',
  is_public: 'is_public',
}

/** One page of the flavors that the one who asks may use; admins may ask for private ones. Throws `invalid` for a bad filter. */
export async function pageOfFlavors(ctx: CloudContext, db: Db, query: FlavorListQuery): Promise<{ flavors: Flavor[]; limit: number }> {
  const isPublic = isAdmin(ctx.subject) ? publicness(query.is_public) : true
  const marker = query.marker === undefined ? undefined : await usableFlavor(ctx, db, query.marker)
  if (query.marker !== undefined && !marker) throw invalid(`marker [${query.marker}] not found`)
  const limit = pageLimit(query.limit)
  const flavors = await listFlavors(db, {
    isPublic,
    projectId: isPublic ? ctx.subject.projectId : undefined,
    minMemoryMb: amount('minRam', query.minRam),
    minDiskGb: amount('minDisk', query.minDisk),
    keys: sortKeys(query),
    marker,
    limit,
  })
  return { flavors, limit }
}

function sortKeys({ sort_key: key, sort_dir: direction = 'asc' }: FlavorListQuery): SortKey[] {
  const column = key && columns[key]
  return [...(column ? [{ column, direction }] : []), { column: 'id', direction }]
}

/** Which flavors an admin asks for: public ones unless said otherwise; undefined means both. */
function publicness(text: string | undefined): boolean | undefined {
  if (text === undefined || /^(true|1|yes|on|t|y)$/i.test(text)) return true
  if (/^none$/i.test(text)) return undefined
  if (/^(false|0|no|off|f|n)$/i.test(text)) return false
  throw invalid(`Invalid is_public filter [${text}]`)
}

function amount(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^-?\d{1,9}$/.test(text)) throw invalid(`Invalid ${name} filter [${text}]`)
  return Number(text)
}
