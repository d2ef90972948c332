import { openBucket } from './bucket.ts'
import { openFolder } from './folder.ts'
import type { Readable } from 'node:stream'
import type { DiskFacts } from '../formats/disk-facts.ts'

/** What a finished file holds. */
export interface StoredFile {
  readonly name: string
  readonly sizeBytes: number
  /** What the bytes say of the disk inside. */
  readonly disk: DiskFacts
  /** Hexadecimal. */
  readonly md5: string
  readonly sha512: string
}

/** A part of a file, both ends included; all of it where nothing is said. */
export interface Stretch {
  readonly start?: number
  readonly end?: number
}

/** The bytes of images: a place that all instances share. A file is whole or not there, and never changes. */
export interface ImageStore {
  /** As glance calls its driver. */
  readonly kind: 'file' | 's3'
  readonly description: string
  /**
   * Streams bytes to a new file and makes it durable under `name`, which must be unique; an unfinished one is removed.
   * Refuses with `tooLarge` past `maxBytes`; rejects with the place's own error when that fails.
   */
  write(source: AsyncIterable<Buffer>, options: { name: string; maxBytes: number }): Promise<StoredFile>
  /** Opens a file for reading; undefined when there is none. */
  read(name: string, stretch?: Stretch): Promise<Readable | undefined>
  /** The address of a file, as those see it who reach the place too. */
  urlOf(name: string): string
  /** What a file's bytes say of the disk inside; undefined when there is none. */
  inspect(name: string): Promise<DiskFacts | undefined>
  /** Harmless when there is none. */
  remove(name: string): Promise<void>
  /** Why the place can't be used now, without its secrets; undefined when it can. Answers or rejects within `limitMs`. */
  trouble(limitMs: number): Promise<string | undefined>
  /** Names of files, unfinished ones too, that nobody wrote to since `before`. */
  olderThan(before: Date): Promise<string[]>
}

/** The store at this place: a folder's path, or the URL of a bucket, `s3+https://KEY:SECRET@HOST/BUCKET`. */
export const openImageStore = (place: string): ImageStore => (/^s3\+https?:/.test(place) ? openBucket(place) : openFolder(place))
