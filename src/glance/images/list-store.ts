import { sql, type Expression, type ExpressionBuilder, type RawBuilder, type SqlBool } from 'kysely'
import { withDetails, type Image } from './store.ts'
import type { Db, Tables } from '../../kernel/sql/tables.ts'
import type { TimeFilter } from './filter-values.ts'
import type { Search } from './search.ts'
import type { Sort, SortName } from './sort.ts'

/** On whose behalf a list is made. */
export interface Viewer {
  readonly projectId: string
  readonly seesAll: boolean
}

type Build = ExpressionBuilder<Tables, 'glance_images'>

/** The images of one page and at most one more, in three queries. */
export async function searchImages(db: Db, viewer: Viewer, search: Search): Promise<Image[]> {
  const sorts = search.sorts.some(({ name }) => name === 'id')
    ? search.sorts
    : [...search.sorts, { name: 'id', direction: search.sorts[0]!.direction } as const]
  let query = db
    .selectFrom('glance_images')
    .selectAll()
    .where('deleted_at', 'is', null)
    .where((eb) => eb.and(conditions(eb, viewer, search)))
    .limit(search.limit + 1)
  if (search.marker !== undefined) query = query.where(afterImage(sorts, search.marker))
  for (const { name, direction } of sorts) query = query.orderBy(valueOf(name), direction)
  return withDetails(db, await query.execute())
}

function conditions(eb: Build, viewer: Viewer, search: Search): Expression<SqlBool>[] {
  const own = eb('owner', '=', viewer.projectId)
  const { visibility, memberStatus } = search
  return [
    ...(viewer.seesAll ? [] : [eb.or([eb('visibility', 'in', ['public', 'community']), own, sharedWith(eb, viewer, memberStatus)])]),
    ...(visibility === undefined ? [eb.or([eb('visibility', '!=', 'community'), own])] : []),
    ...(visibility !== undefined && visibility !== 'all' ? [eb('visibility', '=', visibility as never)] : []),
    eb('os_hidden', '=', search.hidden),
    ...search.equal.map(([column, values]) => eb(column, 'in', values as never)),
    ...search.tags.map((tag) =>
      eb.exists(eb.selectFrom('glance_tags').select('tag').whereRef('image_id', '=', 'glance_images.id').where('tag', '=', tag)),
    ),
    ...search.properties.map(([name, value]) => hasProperty(eb, name, value)),
    ...(search.sizeMin === undefined ? [] : [eb('size_bytes', '>=', search.sizeMin)]),
    ...(search.sizeMax === undefined ? [] : [eb('size_bytes', '<=', search.sizeMax)]),
    ...search.times.map((filter) => atTime(eb, filter)),
  ]
}

function sharedWith(eb: Build, { projectId }: Viewer, memberStatus: string): Expression<SqlBool> {
  const membership = eb
    .selectFrom('glance_members')
    .select('status')
    .whereRef('image_id', '=', 'glance_images.id')
    .where('member_id', '=', projectId)
  const wanted = memberStatus === 'all' ? membership : membership.where('status', '=', memberStatus as never)
  return eb.and([eb('visibility', '=', 'shared'), eb.exists(wanted)])
}

function hasProperty(eb: Build, name: string, value: string): Expression<SqlBool> {
  return eb.exists(
    eb
      .selectFrom('glance_properties')
      .select('value')
      .whereRef('image_id', '=', 'glance_images.id')
      .where('name', '=', name)
      .where('value', '=', value),
  )
}

// Clients see and send whole seconds, so a filter's time stands for all of its second.
function atTime(eb: Build, { column, operator, time }: TimeFilter): Expression<SqlBool> {
  const start = new Date(Math.floor(time.getTime() / 1000) * 1000)
  const end = new Date(start.getTime() + 1000)
  const within = eb.and([eb(column, '>=', start), eb(column, '<', end)])
  return {
    '>': () => eb(column, '>=', end),
    '>=': () => eb(column, '>=', start),
    '<': () => eb(column, '<', start),
    '<=': () => eb(column, '<', end),
    '=': () => within,
    '!=': () => eb.not(within),
  }[operator]()
}

// Nulls come before everything on every database, and keys stay comparable.
const valueOf = (name: SortName, prefix = sql`glance_images`): RawBuilder<unknown> => {
  if (name === 'size') return sql`coalesce(${prefix}.size_bytes, -1)`
  if (name === 'name' || name === 'disk_format' || name === 'container_format') return sql`coalesce(${prefix}.${sql.ref(name)}, '')`
  return sql`${prefix}.${sql.ref(name)}`
}

/** Continues after an image: greater in the first key, or equal in it and greater in the second, and so on. */
function afterImage(sorts: readonly Sort[], id: string): RawBuilder<SqlBool> {
  const marked = (name: SortName) => sql`(select ${valueOf(name, sql`m`)} from glance_images m where m.id = ${id})`
  const branches = sorts.map(({ name, direction }, index) => {
    const equals = sorts.slice(0, index).map((sort) => sql`${valueOf(sort.name)} = ${marked(sort.name)}`)
    const beyond = sql`${valueOf(name)} ${sql.raw(direction === 'asc' ? '>' : '<')} ${marked(name)}`
    return sql`(${sql.join([...equals, beyond], sql` and `)})`
  })
  return sql<SqlBool>`(${sql.join(branches, sql` or `)})`
}
