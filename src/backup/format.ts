import type { TableShape } from '../kernel/sql/catalog.ts'
import type { SealedSecrets } from './sealed-secrets.ts'

/** The first bytes of an archive. A change that older programs can't read changes the number. */
export const magic = 'skykeel-backup 1\n'

/** What stands at the beginning. */
export interface Header {
  /** The version of the program that wrote it. */
  readonly program: string
  /** By the database's clock, in UTC. */
  readonly takenAt: string
  readonly engine: string
  /** The migrations that the database had. */
  readonly schema: readonly string[]
  /** In an order in which they can be filled. */
  readonly tables: readonly TableShape[]
  readonly withImages: boolean
  /** Tells whether a secret is that of this cloud; tells nothing about it. */
  readonly secretDigest?: string
  readonly sealedSecrets?: SealedSecrets
}

/** One table, once all its rows have passed. */
export interface TableSum {
  readonly table: string
  readonly rows: number
  /** Of the lines of its rows, hexadecimal. */
  readonly sha256: string
}

/** One image's bytes, once they have passed. */
export interface ImageSum {
  readonly image: string
  readonly bytes: number
  readonly sha256: string
}

/** What stands at the end. */
export interface Trailer {
  readonly tables: readonly TableSum[]
  readonly images: readonly ImageSum[]
}

/** A line that is no row. An image's line is followed by that many bytes and a line feed. */
export type Mark =
  | { readonly header: Header }
  | { readonly table: string }
  | { readonly tableEnd: TableSum }
  | { readonly image: { readonly name: string; readonly bytes: number } }
  | { readonly imageEnd: ImageSum }
  | { readonly trailer: Trailer }
