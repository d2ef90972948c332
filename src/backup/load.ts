import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Kysely, Transaction } from 'kysely'
import { StartupError } from '../config/startup-error.ts'
import type { TableShape } from '../kernel/sql/catalog.ts'
import type { Dialect } from '../kernel/sql/dialect.ts'
import { insertPortableRows, type PortableRow, portableRows } from '../kernel/sql/portable-rows.ts'
import type { Header, TableSum } from './format.ts'
import type { ArchiveReader } from './read-archive.ts'
import { writeWholeFile } from './whole-file.ts'
import { rowLine } from './write-archive.ts'

const batchRows = 100
const batchChars = 1024 * 1024

/** Fills the tables as the archive is read, and writes images into the folder, if there is one. */
export function loader(
  tx: Transaction<any>,
  dialect: Dialect,
  { header, imageFolder }: { readonly header: Header; readonly imageFolder: string | undefined },
): ArchiveReader {
  const shapes = new Map(header.tables.map((table) => [table.name, table]))
  let batch: PortableRow[] = []
  let chars = 0
  const flush = async (name: string) => {
    if (batch.length > 0) await insertInto(tx, dialect, { table: shapes.get(name)!, rows: batch })
    batch = []
    chars = 0
  }
  return {
    async row(table, row) {
      batch.push(row)
      for (const value of row) chars += value?.length ?? 0
      if (batch.length >= batchRows || chars >= batchChars) await flush(table)
    },
    tableEnd: async ({ table }) => flush(table),
    async image(name, bytes) {
      if (!/^[\w-]+$/.test(name))
        throw new StartupError(`The archive has an image with the odd name ${name}`, 'Restore it with --without-images.')
      if (imageFolder !== undefined) await writeWholeFile(join(imageFolder, name), bytes)
    },
  }
}

async function insertInto(tx: Kysely<any>, dialect: Dialect, rows: { table: TableShape; rows: readonly PortableRow[] }): Promise<void> {
  try {
    await insertPortableRows(tx, dialect, rows)
  } catch (cause) {
    throw new StartupError(
      `A row of ${rows.table.name} can't be written: ${(cause as Error).message}`,
      'No row of the archive is kept. If the database is well, it can not hold what the other one held.',
      { cause },
    )
  }
}

/** Reads everything back, and throws a StartupError unless it is what the archive holds. */
export async function compare(
  tx: Transaction<any>,
  dialect: Dialect,
  { header, sums }: { readonly header: Header; readonly sums: readonly TableSum[] },
): Promise<void> {
  const wanted = new Map(sums.map((sum) => [sum.table, sum]))
  for (const table of header.tables) {
    const hash = createHash('sha256')
    let rows = 0
    for await (const row of portableRows(tx, dialect, table)) {
      hash.update(rowLine(row))
      rows++
    }
    const { rows: count, sha256 } = wanted.get(table.name)!
    if (rows !== count || hash.digest('hex') !== sha256)
      throw new StartupError(
        `The rows of ${table.name} are not read back as they were written (${rows} of ${count})`,
        'No row of the archive is kept. The database changes what it is given; check its character set and triggers.',
      )
  }
}
