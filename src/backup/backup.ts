import { existsSync } from 'node:fs'
import { StartupError } from '../config/startup-error.ts'
import { type Database, openDatabase } from '../kernel/sql/database.ts'
import type { Log } from '../kernel/log.ts'
import { openVault } from '../kernel/vault.ts'
import type { Header, ImageSum, TableSum } from './format.ts'
import { type OpenImages, openImages } from './open-images.ts'
import { sealed } from './seal.ts'
import { type CloudSecrets, sealSecrets } from './sealed-secrets.ts'
import { openSnapshot, type Snapshot } from './snapshot.ts'
import { writeWholeFile } from './whole-file.ts'
import { archiveOf } from './write-archive.ts'

export interface BackupOptions {
  readonly databaseUrl: string
  readonly log: Log
  /** Where the archive goes; nothing may be there. */
  readonly out: string
  /** Undefined leaves the bytes of images out. */
  readonly imageFolder: string | undefined
  /** Undefined when they are not known. */
  readonly secrets: CloudSecrets | undefined
  /** Seals the secrets into the archive. */
  readonly passphrase: string | undefined
  /** The version of this program. */
  readonly program: string
}

export interface Summary {
  readonly tables: readonly TableSum[]
  readonly images: readonly ImageSum[]
  readonly takenAt: string
}

/** A read of a large table may take long; nobody waits for it. */
export const statementTimeoutMs = 3_600_000

/** What a secret is known by without being told. */
export const digestOf = (cloudSecret: string): string => openVault(cloudSecret).digest(['skykeel backup'])

/** Writes the database, and the bytes of images, into one archive, as they were at one moment. The cloud goes on meanwhile. */
export async function backUp(options: BackupOptions): Promise<Summary> {
  const { databaseUrl, log, out, imageFolder, secrets, passphrase, program } = options
  if (existsSync(out)) throw new StartupError(`${out} is there already`, 'Choose another name for the archive, or remove it.')
  if (passphrase !== undefined && !secrets)
    throw new StartupError(
      'The secret of the cloud is not known, so that it can not be sealed',
      'Give it as SKYKEEL_SECRET, or leave --passphrase-file out.',
    )
  const database = openDatabase({ url: databaseUrl, log, poolSize: 1, statementTimeoutMs })
  try {
    const { snapshot, open } = await openBoth(database, imageFolder)
    const header: Header = {
      program,
      takenAt: snapshot.takenAt,
      engine: database.dialect.family,
      schema: snapshot.schema,
      tables: snapshot.tables,
      withImages: imageFolder !== undefined,
      ...(secrets && { secretDigest: digestOf(secrets.cloudSecret) }),
      ...(secrets && passphrase !== undefined && { sealedSecrets: sealSecrets(secrets, passphrase) }),
    }
    const sums: { tables: readonly TableSum[]; images: readonly ImageSum[] } = { tables: [], images: [] }
    try {
      const content = archiveOf({
        header,
        rowsOf: snapshot.rowsOf,
        afterRows: snapshot.close,
        images: open.images,
        done: (tables, images) => Object.assign(sums, { tables, images }),
      })
      await writeWholeFile(out, sealed(content))
    } finally {
      await open.close()
      await snapshot.close()
    }
    return { ...sums, takenAt: snapshot.takenAt }
  } finally {
    await database.close()
  }
}

const looks = 5

/** The snapshot, and the files of its images. An image that is deleted between the two looks missing: then both are opened again. */
async function openBoth(database: Database, imageFolder: string | undefined): Promise<{ snapshot: Snapshot; open: OpenImages }> {
  for (let look = 1; ; look++) {
    const snapshot = await openSnapshot(database)
    const open = await openImages(imageFolder ?? '', imageFolder === undefined ? [] : snapshot.imageFiles)
    if (open.missing.length === 0) return { snapshot, open }
    await open.close()
    await snapshot.close()
    if (look === looks)
      throw new StartupError(
        `${open.missing.length} files of images are not in ${imageFolder}: ${open.missing.slice(0, 3).join(', ')}`,
        'Say where they are by --image-folder, or leave the bytes out by --without-images.',
      )
  }
}
