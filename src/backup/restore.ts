import { mkdir } from 'node:fs/promises'
import type { Transaction } from 'kysely'
import { migrations } from '../../migrations/all.ts'
import { StartupError } from '../config/startup-error.ts'
import { systemClock } from '../kernel/clock.ts'
import type { Log } from '../kernel/log.ts'
import { resumeRestoredSagas } from '../kernel/sagas/after-restore.ts'
import { type Database, openDatabase } from '../kernel/sql/database.ts'
import { migrate } from '../kernel/sql/migrate.ts'
import { restartCounters, takeTime } from '../kernel/sql/portable-rows.ts'
import { statementTimeoutMs, type Summary } from './backup.ts'
import type { Header } from './format.ts'
import { compare, loader } from './load.ts'
import { readArchive } from './read-archive.ts'
import { dropTables, mustBeEmpty, mustBeQuiet, ourTables } from './target.ts'

export interface RestoreOptions {
  readonly archive: string
  readonly databaseUrl: string
  readonly log: Log
  /** Where the bytes of images go; undefined leaves them. */
  readonly imageFolder: string | undefined
  /** Replaces what is there. */
  readonly force: boolean
}

/** Reads an archive to its end. Throws a StartupError when it is damaged, or newer than this release. */
export async function verifyArchive(path: string): Promise<{ header: Header; summary: Summary }> {
  const { header, trailer } = await readArchive(path)
  const known = new Set(migrations.map(({ name }) => name))
  const strange = header.schema.filter((name) => !known.has(name))
  if (strange.length > 0)
    throw new StartupError(
      `The archive has a newer schema than this release knows: ${strange.join(', ')}`,
      `Use release ${header.program} or a newer one.`,
    )
  return { header, summary: { ...trailer, takenAt: header.takenAt } }
}

/** Puts the archive's content into the database, whole or not at all, and the images into their folder. No controller may run on it. */
export async function restore({ archive, databaseUrl, log, imageFolder, force }: RestoreOptions): Promise<Summary> {
  const { header } = await verifyArchive(archive)
  if (imageFolder !== undefined) await mkdir(imageFolder, { recursive: true, mode: 0o700 })
  const database = openDatabase({ url: databaseUrl, log, poolSize: 2, statementTimeoutMs })
  try {
    const found = await ourTables(database)
    await mustBeQuiet(database, found, systemClock)
    if (!force) await mustBeEmpty(database, found)
    await makeSchema(database, header)
    const summary = await database.db
      .transaction()
      .execute(async (tx) => fill(tx as Transaction<any>, database, { archive, header, imageFolder }))
    await migrate(database, migrations)
    return summary
  } finally {
    await database.close()
  }
}

// Later migrations may move what is in the tables, so the rows go into tables as they were, and those migrations follow.
async function makeSchema(database: Database, header: Header): Promise<void> {
  const wanted = migrations.filter(({ name }) => header.schema.includes(name))
  await migrate(database, wanted)
  const { length } = await database.db
    .selectFrom('kernel_migrations' as never)
    .select('name' as never)
    .where('name' as never, 'in', migrations.map(({ name }) => name) as never)
    .execute()
  if (length === wanted.length) return
  await dropTables(database, await ourTables(database))
  await migrate(database, wanted)
}

async function fill(
  tx: Transaction<any>,
  database: Database,
  { archive, header, imageFolder }: { archive: string; header: Header; imageFolder: string | undefined },
): Promise<Summary> {
  const { dialect } = database
  await takeTime(tx, dialect)
  for (const { name } of (await ourTables(database)).toReversed()) await tx.deleteFrom(name).execute()
  const { trailer } = await readArchive(archive, loader(tx, dialect, { header, imageFolder }))
  await compare(tx, dialect, { header, sums: trailer.tables })
  await restartCounters(tx, dialect)
  const now = systemClock.now().getTime()
  await resumeRestoredSagas(tx, dialect, { laterMs: Math.max(0, now - Date.parse(header.takenAt)), fromRevision: now })
  return { ...trailer, takenAt: header.takenAt }
}
