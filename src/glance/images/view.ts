import { storeId } from '../imports/imports.ts'
import { hasData } from './states.ts'
import type { Image } from './store.ts'

/** An image as clients see it: its properties among its attributes. */
export function viewImage(image: Image): Record<string, unknown> {
  const data = hasData(image.status)
  const self = `/v2/images/${image.id}`
  return {
    ...image.properties,
    name: image.name,
    disk_format: image.disk_format,
    container_format: image.container_format,
    visibility: image.visibility,
    size: data ? image.size_bytes : null,
    virtual_size: data ? image.virtual_size_bytes : null,
    status: image.status,
    checksum: data ? image.checksum : null,
    protected: image.protected,
    min_ram: image.min_ram_mb,
    min_disk: image.min_disk_gb,
    owner: image.owner,
    os_hidden: image.os_hidden,
    os_hash_algo: data ? 'sha512' : null,
    os_hash_value: data ? image.hash : null,
    id: image.id,
    created_at: viewTime(image.created_at),
    updated_at: viewTime(image.updated_at),
    tags: image.tags,
    self,
    file: `${self}/file`,
    schema: '/v2/schemas/image',
    ...(data && { stores: storeId }),
  }
}

export const viewTime = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`

/** One page of a list; `next` is where the page after it is. */
export function viewImages(
  images: readonly Image[],
  { first, next }: { first: string; next: string | undefined },
): Record<string, unknown> {
  return { images: images.map(viewImage), first, schema: '/v2/schemas/images', ...(next && { next }) }
}
