import { fault } from './fault.ts'
import { fileRoutes } from './file/api.ts'
import { imageRoutes } from './images/api.ts'
import { forbiddenWording } from './images/visible.ts'
import { infoRoutes } from './info/api.ts'
import { memberRoutes } from './members/api.ts'
import { metadefRoutes } from './metadefs/api.ts'
import { policies } from './policies.ts'
import { schemaRoutes } from './schemas/api.ts'
import { forgetOrphanFiles } from './upkeep.ts'
import { versionRoutes } from './versions/api.ts'
import './tables.ts'
import type { Service } from '../cloud/service.ts'
import type { ImageStore } from './image-store/image-store.ts'

export interface GlanceOptions {
  readonly store: ImageStore
  /** The largest image, in bytes; 1 TiB unless said otherwise. */
  readonly maxImageBytes?: number
}

/** The image service: records in the database, bytes in a store that all instances share. */
export const glance = ({ store, maxImageBytes = 2 ** 40 }: GlanceOptions): Service => ({
  name: 'glance-api',
  routes: [
    ...versionRoutes,
    ...schemaRoutes,
    ...infoRoutes,
    ...imageRoutes(store),
    ...fileRoutes(store, maxImageBytes),
    ...memberRoutes,
    ...metadefRoutes,
  ],
  slashCounts: true,
  policies,
  upkeep: [{ name: 'forget orphan image files', everySeconds: 3600, run: (ctx) => forgetOrphanFiles(ctx, store) }],
  fault,
  forbiddenWording,
})
