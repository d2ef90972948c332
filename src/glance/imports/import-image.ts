import { conflict, invalid } from '../../kernel/errors.ts'
import { enforceImage, visibleImage } from '../images/visible.ts'
import { acceptImport } from './accept.ts'
import { storeId, type ImportMethod, type Imports } from './imports.ts'
import { readImportRequest } from './request.ts'
import { markCopied } from './store.ts'
import { assertFetchable } from './uri-rules.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { Image } from '../images/store.ts'
import type { TaskRow } from '../tables.ts'

/** Accepts an import: its task, the image's new status and the saga are one transaction. Undefined when there is nothing to do. */
export async function importImage(
  ctx: CloudContext,
  tx: Tx,
  { id, request: body, imports }: { id: string; request: unknown; imports: Imports },
): Promise<TaskRow | undefined> {
  const header = ctx.request.headers['x-image-meta-store']
  const request = readImportRequest(body, typeof header === 'string' ? header : undefined)
  const { image, target } = await visibleImage(ctx, tx, id)
  assertReady(image, request.method)
  enforceImage(ctx, request.method === 'copy-image' ? 'copy_image' : 'modify_image', target)
  if (request.method === 'copy-image') {
    // There is one store, and an active image is in it.
    if (!request.allStores) throw invalid(`Image is already present at store '${storeId}'`)
    await markCopied(ctx, tx, image)
    return undefined
  }
  if (request.method === 'web-download') assertFetchable(request.uri, imports.downloads)
  const input = { image_id: id, import_req: body as object, backend: request.stores }
  const work = request.method === 'web-download' ? { uri: request.uri as string } : {}
  return acceptImport(ctx, tx, { image, type: 'api_image_import', input, work, imports })
}

// In this order glance/api/v2/images.py asks.
function assertReady(image: Image, method: ImportMethod): void {
  if (image.status === 'active' && method !== 'copy-image') throw conflict('Image with status active cannot be target for import')
  if (image.status !== 'active' && method === 'copy-image') throw conflict('Only images with status active can be targeted for copying')
  if (image.status !== 'queued' && method === 'web-download')
    throw conflict("Image needs to be in 'queued' state to use 'web-download' method")
  if (image.status !== 'uploading' && method === 'glance-direct')
    throw conflict("Image needs to be staged before 'glance-direct' method can be used")
  if (image.container_format === null) throw conflict("'container_format' needs to be set before import")
  if (image.disk_format === null) throw conflict("'disk_format' needs to be set before import")
}
