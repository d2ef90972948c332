import { cacheRoutes } from './cache/api.ts'
import { fault } from './fault.ts'
import { fileRoutes } from './file/api.ts'
import { imageRoutes } from './images/api.ts'
import { forbiddenWording } from './images/visible.ts'
import { importRoutes } from './imports/api.ts'
import { importSaga } from './imports/import.saga.ts'
import { downloadsFrom, type DownloadRules } from './imports/uri-rules.ts'
import { workOnImports } from './imports/worker.ts'
import { infoRoutes } from './info/api.ts'
import { locationRoutes } from './locations/api.ts'
import { memberRoutes } from './members/api.ts'
import { metadefRoutes } from './metadefs/api.ts'
import { policies } from './policies.ts'
import { schemaRoutes } from './schemas/api.ts'
import { storeRoutes } from './stores/api.ts'
import { taskRoutes } from './tasks/api.ts'
import { forgetExpiredTasks } from './tasks/store.ts'
import { forgetOrphanFiles } from './upkeep.ts'
import { versionRoutes } from './versions/api.ts'
import './tables.ts'
import type { Service } from '../cloud/service.ts'
import type { ImageStore } from './image-store/image-store.ts'

export interface GlanceOptions {
  readonly store: ImageStore
  /** The largest image, in bytes; 1 TiB unless said otherwise. */
  readonly maxImageBytes?: number
  /** Where images may be downloaded from; the usual ports of the public internet unless said otherwise. */
  readonly downloads?: DownloadRules
}

/** The image service: records in the database, bytes in a store that all instances share. */
export function glance({ store, maxImageBytes = 2 ** 40, downloads = downloadsFrom([]) }: GlanceOptions): Service {
  const place = { store, maxImageBytes, downloads }
  const saga = importSaga(place)
  const imports = { ...place, saga }
  return {
    name: 'glance-api',
    routes: [
      ...versionRoutes,
      ...schemaRoutes,
      ...infoRoutes(store),
      ...imageRoutes(store),
      ...fileRoutes(store, maxImageBytes),
      ...memberRoutes,
      ...metadefRoutes,
      ...importRoutes(imports),
      ...taskRoutes(imports),
      ...storeRoutes,
      ...cacheRoutes,
      ...locationRoutes(store),
    ],
    slashCounts: true,
    policies,
    sagas: [saga],
    upkeep: [
      { name: 'forget orphan image files', everySeconds: 3600, run: (ctx) => forgetOrphanFiles(ctx, store) },
      { name: 'forget expired tasks', everySeconds: 3600, run: (ctx) => forgetExpiredTasks(ctx) },
    ],
    background: workOnImports(saga),
    fault,
    forbiddenWording,
  }
}
