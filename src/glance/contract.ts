import { visibleImage } from './images/visible.ts'
import './tables.ts'
import type { CloudContext } from '../cloud/context.ts'
import type { Db } from '../kernel/sql/tables.ts'
import type { ImageStatus } from './images/states.ts'

export { openImageStore, type ImageStore, type StoredFile } from './image-store/image-store.ts'
export { seedResourceTypes } from './metadefs/resource-types/seed.ts'
export { downloadsFrom } from './imports/uri-rules.ts'
export { seedImages, writeSeedFile } from './seed/seed.ts'

/** What it takes to boot a server from an image. */
export interface ServerImage {
  readonly id: string
  readonly name: string | null
  /** Only `active` ones boot. */
  readonly status: ImageStatus
  readonly minDiskGb: number
  readonly minRamMb: number
  readonly sizeBytes: number
  /** Of the disk inside, where it is known. */
  readonly virtualSizeBytes: number | undefined
  readonly diskFormat: string | null
  readonly properties: Readonly<Record<string, string>>
}

/** The image, if the asker may see it; else refuses with `notFound`. */
export async function imageForServer(ctx: CloudContext, db: Db, id: string): Promise<ServerImage> {
  const { image } = await visibleImage(ctx, db, id)
  return {
    id: image.id,
    name: image.name,
    status: image.status,
    minDiskGb: image.min_disk_gb,
    minRamMb: image.min_ram_mb,
    sizeBytes: image.size_bytes ?? 0,
    virtualSizeBytes: image.virtual_size_bytes ?? undefined,
    diskFormat: image.disk_format,
    properties: image.properties,
  }
}
