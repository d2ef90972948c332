import type { SagaDefinition } from '../../kernel/sagas/saga.ts'
import type { ImageStore } from '../image-store/image-store.ts'
import type { DownloadRules } from './uri-rules.ts'

/** What imports need of the place that they run in. */
export interface ImportPlace {
  readonly store: ImageStore
  readonly maxImageBytes: number
  readonly downloads: DownloadRules
}

/** Imports, as those who accept them see them. */
export interface Imports extends ImportPlace {
  readonly saga: SagaDefinition<ImportWork>
}

/** The one store that there is, by the name that clients know. It stays the same whatever the kind of place is. */
export const storeId = 'file'

/** The ways in which bytes come to an image by an import. */
export const importMethods = ['glance-direct', 'web-download', 'copy-image'] as const
export type ImportMethod = (typeof importMethods)[number]

/** What an import is given; its subject is the image. */
export interface ImportWork {
  readonly taskId: string
  /** Where the bytes are; absent when they are staged. */
  readonly uri?: string
  /** The image was made by this import, and goes with it when it fails. */
  readonly ofTask?: true
}

/** Imports are worked on apart from everything else: one may take an hour, and must keep no server waiting. */
export const importRole = 'glance-import'
