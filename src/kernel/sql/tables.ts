import type { ColumnType, Kysely, Transaction } from 'kysely'

/**
 * All tables of the one database, by name. Each owner adds its own in its `tables.ts`:
 * `declare module '../kernel/sql/tables.ts' { interface Tables { nova_servers: ServersTable } }`.
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- filled by declaration merging
export interface Tables {}

/** Something to ask: the pool, or a transaction (a transaction is a Db too). */
export type Db = Kysely<Tables>
/** Something to write with; only `transaction()` makes one. */
export type Tx = Transaction<Tables>

/** A JSON column: objects come out, text goes in (see `json()`). Its name ends in `_json` on every database. */
export type Json<T> = ColumnType<T, string, string>

/** Text for a JSON column. */
export const json = (value: unknown): string => JSON.stringify(value)
