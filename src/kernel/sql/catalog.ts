import { sql, type Kysely } from 'kysely'
import type { Dialect } from './dialect.ts'

/** What a column holds, whatever its database calls that. */
export type ColumnKind = 'text' | 'json' | 'time' | 'flag' | 'blob' | 'integer' | 'real'

/** A table as it really is in the database. */
export interface TableShape {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly kind: ColumnKind }[]
  /** The columns of its primary key, in order. */
  readonly key: readonly string[]
}

type Family = Dialect['family']

const kinds: Readonly<Record<string, ColumnKind>> = {
  'character varying': 'text',
  varchar: 'text',
  text: 'text',
  longtext: 'text',
  json: 'json',
  'timestamp with time zone': 'time',
  datetime: 'time',
  boolean: 'flag',
  tinyint: 'flag',
  bytea: 'blob',
  longblob: 'blob',
  integer: 'integer',
  int: 'integer',
  bigint: 'integer',
  'double precision': 'real',
  double: 'real',
}

const own: Record<Family, ReturnType<typeof sql>> = { postgres: sql`current_schema()`, mysql: sql`database()` }

const references: Record<Family, ReturnType<typeof sql<Reference>>> = {
  postgres: sql<Reference>`
    select child.relname as tab, parent.relname as refers_to from pg_constraint c
    join pg_class child on child.oid = c.conrelid join pg_class parent on parent.oid = c.confrelid
    join pg_namespace n on n.oid = child.relnamespace where c.contype = 'f' and n.nspname = current_schema()`,
  mysql: sql<Reference>`
    select table_name as tab, referenced_table_name as refers_to from information_schema.key_column_usage
    where table_schema = database() and referenced_table_name is not null`,
}

interface Reference {
  readonly tab: string
  readonly refers_to: string
}

/** Whether the database has a table of this name. */
export async function hasTable(db: Kysely<any>, dialect: Dialect, name: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 as one from information_schema.tables where table_schema = ${own[dialect.family]} and table_name = ${name}`.execute(db)
  return rows.length > 0
}

/**
 * The tables of the database whose names are wanted, each after those that it refers to. Throws for a column of a kind that no migration
 * makes.
 */
export async function tableShapes(
  db: Kysely<any>,
  dialect: Dialect,
  isWanted: (table: string) => boolean = () => true,
): Promise<TableShape[]> {
  const schema = own[dialect.family]
  const columns = await sql<{ tab: string; col: string; type: string }>`
    select c.table_name as tab, c.column_name as col, c.data_type as type from information_schema.columns c
    join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
    where c.table_schema = ${schema} and t.table_type = 'BASE TABLE' order by c.table_name, c.ordinal_position`.execute(db)
  const keys = await sql<{ tab: string; col: string }>`
    select k.table_name as tab, k.column_name as col from information_schema.table_constraints c
    join information_schema.key_column_usage k
    on k.table_schema = c.table_schema and k.table_name = c.table_name and k.constraint_name = c.constraint_name
    where c.table_schema = ${schema} and c.constraint_type = 'PRIMARY KEY' order by k.table_name, k.ordinal_position`.execute(db)
  const { rows: links } = await references[dialect.family].execute(db)
  const keyOf = Map.groupBy(keys.rows, ({ tab }) => tab)
  const shapes = [
    ...Map.groupBy(
      columns.rows.filter(({ tab }) => isWanted(tab)),
      ({ tab }) => tab,
    ),
  ].map(([name, found]) => ({
    name,
    columns: found.map(({ col, type }) => ({ name: col, kind: kindOf(name, col, type) })),
    key: (keyOf.get(name) ?? []).map(({ col }) => col),
  }))
  // Databases do not sort alike.
  return inOrder(
    shapes.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    links,
  )
}

function kindOf(table: string, column: string, type: string): ColumnKind {
  const kind = kinds[type]
  if (!kind) throw new Error(`${table}.${column} has the type ${type}, which no migration makes`)
  // The MySQL family keeps JSON as text: the name says what it is.
  return kind === 'text' && column.endsWith('_json') ? 'json' : kind
}

// Each round takes the tables whose references have been taken. A circle of references would leave nothing to take.
function inOrder(shapes: readonly TableShape[], links: readonly Reference[]): TableShape[] {
  const ordered: TableShape[] = []
  for (let left = [...shapes]; left.length > 0;) {
    const waits = (name: string) =>
      links.some((link) => link.tab === name && left.some((other) => other.name !== name && other.name === link.refers_to))
    const free = left.filter(({ name }) => !waits(name))
    if (free.length === 0) throw new Error(`tables refer to each other in a circle: ${left.map(({ name }) => name).join(', ')}`)
    ordered.push(...free)
    left = left.filter((table) => !free.includes(table))
  }
  return ordered
}
