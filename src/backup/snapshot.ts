import { type Transaction, sql } from 'kysely'
import { migrations } from '../../migrations/all.ts'
import { type TableShape, tableShapes } from '../kernel/sql/catalog.ts'
import type { Database } from '../kernel/sql/database.ts'
import { type PortableRow, portableRows, takeTime } from '../kernel/sql/portable-rows.ts'
import { StartupError } from '../config/startup-error.ts'
import { isOurs, leftOut } from './left-out.ts'

/** The whole database as it was at one moment, whoever goes on writing. */
export interface Snapshot {
  readonly takenAt: string
  /** The migrations that the database has, by name. */
  readonly schema: readonly string[]
  readonly tables: readonly TableShape[]
  /** The names of the files of the images that there are. */
  readonly imageFiles: readonly string[]
  rowsOf(table: TableShape): AsyncGenerator<PortableRow>
  /** Lets go of the moment. May be called again. */
  close(): Promise<void>
}

/** Opens a snapshot. Throws a StartupError when the database is none of a cloud. */
export async function openSnapshot({ db, dialect }: Database): Promise<Snapshot> {
  const controlled = await db.startTransaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute()
  const tx = controlled as Transaction<any>
  let closed: Promise<unknown> | undefined
  const close = async () => void (await (closed ??= controlled.rollback().execute()))
  try {
    await takeTime(tx, dialect)
    const shapes = await tableShapes(tx, dialect, isOurs)
    if (!shapes.some(({ name }) => name === 'kernel_migrations'))
      throw new StartupError('There is no cloud in this database', 'Check the URL, or --state-dir.')
    // The first rows that are read fix the moment.
    const ledger = await tx.selectFrom('kernel_migrations').select('name').execute()
    const { rows } = await sql<{ now: Date }>`select ${dialect.now()} as now`.execute(tx)
    const images = await tx
      .selectFrom('glance_images')
      .select('file_name')
      .where('deleted_at', 'is', null)
      .where('file_name', 'is not', null)
      .execute()
    return {
      takenAt: rows[0]!.now.toISOString(),
      schema: migrationsIn(ledger.map(({ name }) => name as string)),
      tables: shapes.filter(({ name }) => !Object.hasOwn(leftOut, name)),
      imageFiles: images.map(({ file_name: name }) => name as string),
      rowsOf: (table) => portableRows(tx, dialect, table),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

// The ledger of migrations has other marks too, such as that of the seed.
function migrationsIn(ledger: readonly string[]): string[] {
  const known = new Set(migrations.map(({ name }) => name))
  const applied = ledger.filter((name) => /^\d{4}-/.test(name))
  const strange = applied.filter((name) => !known.has(name))
  if (strange.length > 0)
    throw new StartupError(
      `The database has a newer schema than this release knows: ${strange.join(', ')}`,
      'Use the release that runs on it.',
    )
  return migrations.map(({ name }) => name).filter((name) => applied.includes(name))
}
