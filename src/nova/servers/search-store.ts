import { sql, type ExpressionBuilder } from 'kysely'
import { afterMarker, sortedBy } from '../../cloud/paging.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tables } from '../../kernel/sql/tables.ts'
import type { Search } from './search.ts'
import type { StateMatch } from './states.ts'
import type { ServerRow } from './tables.ts'

/** What a list needs of every row; the rest is read of those rows only that are not known yet. */
export type FoundServer = Pick<ServerRow, 'id' | 'name' | 'revision' | 'host'>

/** Columns by nova's names of sort keys. Those that can be null, or that are the same for all servers, order nothing. */
const columns: Readonly<Record<string, string>> = {
  access_ip_v4: 'access_ipv4',
  access_ip_v6: 'access_ipv6',
  auto_disk_config: 'disk_config',
  config_drive: 'config_drive',
  created_at: 'created_at',
  display_name: 'name',
  hostname: 'hostname',
  image_ref: 'image_id',
  instance_type_id: 'flavor_id',
  launch_index: 'launch_index',
  power_state: 'power_state',
  project_id: 'project_id',
  updated_at: 'updated_at',
  user_id: 'user_id',
  uuid: 'id',
  vm_state: 'vm_state',
}

type Eb = ExpressionBuilder<Tables, 'nova_servers'>

const ofState = (eb: Eb, { vmState, task, notTasks }: StateMatch) => {
  const parts = [eb('vm_state', '=', vmState)]
  if (task) parts.push(eb('task_state', '=', task))
  else if (notTasks.length > 0) return eb.and([...parts, eb.or([eb('task_state', 'is', null), eb('task_state', 'not in', [...notTasks])])])
  return eb.and(parts)
}

const hasTag = (eb: Eb, tag: string) => eb('tags', 'like', `%,${tag.replaceAll(/[\\%_]/g, '\\$&')},%`)

/** One page of servers, behind the marker. */
export async function findServers(ctx: Pick<Context, 'dialect'>, db: Db, search: Search, marker?: Marker): Promise<FoundServer[]> {
  let query = db.selectFrom('nova_servers').select(['id', 'name', 'revision', 'host']).limit(search.limit)
  if (search.projectId !== undefined) query = query.where('project_id', '=', search.projectId)
  if (search.deleted !== undefined) query = query.where('deleted', '=', search.deleted)
  if (search.changesSince) query = query.where('updated_at', '>=', search.changesSince)
  if (search.changesBefore) query = query.where('updated_at', '<=', search.changesBefore)
  if (search.name) query = query.where(ctx.dialect.matches('name', search.name))
  if (search.locked !== undefined) query = query.where('locked_by', search.locked ? 'is not' : 'is', null)
  if (search.states) query = query.where((eb) => eb.or(search.states!.map((state) => ofState(eb, state))))
  for (const [column, value] of Object.entries(search.equal)) {
    query = query.where((eb: any) =>
      Array.isArray(value)
        ? eb.or(value.map((one) => (one === '' ? eb(column, 'is', null) : eb(column, '=', one))))
        : eb(column, '=', value),
    )
  }
  const { all, any, notAll, notAny } = search.tags
  for (const tag of all) query = query.where((eb) => hasTag(eb, tag))
  if (any.length > 0) query = query.where((eb) => eb.or(any.map((tag) => hasTag(eb, tag))))
  if (notAll.length > 0) query = query.where((eb) => eb.not(eb.and(notAll.map((tag) => hasTag(eb, tag)))))
  for (const tag of notAny) query = query.where((eb) => eb.not(hasTag(eb, tag)))
  const keys = sortOf(search)
  return sortedBy(marker ? afterMarker(query, keys, marker) : query, keys).execute()
}

function sortOf({ sort }: Search) {
  const wanted = sort.filter(({ key }) => columns[key]).map(({ key, direction }) => ({ column: columns[key]!, direction }))
  const direction = wanted[0]?.direction ?? 'desc'
  const last = ['created_at', 'id'].filter((column) => !wanted.some((key) => key.column === column))
  return [...wanted, ...last.map((column) => ({ column, direction }) as const)]
}

/** The values of the row that a page begins behind. */
export type Marker = Readonly<Record<string, unknown>>

const times = ['created_at', 'updated_at'] as const

/** The row that a page of this project's servers (undefined: of all) begins behind; undefined when there is none. */
export async function markerOf(db: Db, id: string, projectId: string | undefined): Promise<Marker | undefined> {
  const row = await db
    .selectFrom('nova_servers')
    .select([...new Set(Object.values(columns))].filter((column) => !times.some((time) => time === column)) as 'id'[])
    .select('project_id')
    // As text, since times have microseconds, of which a Date loses three digits.
    .select(times.map((column) => sql<string>`concat(${sql.ref(column)}, '')`.as(column)))
    .where('id', '=', id)
    .executeTakeFirst()
  return row && (projectId === undefined || row.project_id === projectId) ? row : undefined
}
