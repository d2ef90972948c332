import { conflict, invalid } from '../../kernel/errors.ts'
import { setStatus } from '../images/store.ts'
import { imageFor } from '../images/visible.ts'
import type { Static } from 'typebox'
import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { ImportBody } from './schema.ts'

/** Makes an image of staged bytes. They are in the store already, so nothing is copied and nothing can stay half-way. */
export async function importImage(
  ctx: CloudContext,
  tx: Tx,
  { id, request }: { id: string; request: Static<typeof ImportBody> },
): Promise<void> {
  const { name } = request.method
  if (name !== 'glance-direct') throw invalid(`Unknown import method name '${name.slice(0, 64)}'.`)
  const unknown = request.stores?.find((store) => store !== 'file')
  if (unknown !== undefined) throw conflict(`Store ${unknown.slice(0, 64)} is not available.`)
  const image = await imageFor(ctx, tx, 'upload_image', id)
  if (image.status === 'active') throw conflict('Image with status active cannot be target for import')
  if (image.status !== 'uploading') throw conflict("Image needs to be staged before 'glance-direct' method can be used")
  if (image.container_format === null) throw conflict("'container_format' needs to be set before import")
  if (image.disk_format === null) throw conflict("'disk_format' needs to be set before import")
  await setStatus(ctx, tx, image, 'active')
}
