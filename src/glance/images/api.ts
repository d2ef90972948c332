import { route } from '../../cloud/service.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { invalid } from '../../kernel/errors.ts'
import { importMethods, storeId } from '../imports/imports.ts'
import { addTag, removeTag, switchImage } from './change.ts'
import { createImage } from './create.ts'
import { deleteImage } from './delete.ts'
import { listImages } from './list.ts'
import { readOperations } from './operations.ts'
import { patchImage } from './patch.ts'
import { ImageBody, PatchBody, patchMedia } from './schema.ts'
import { viewImage, viewImages } from './view.ts'
import { visibleImage } from './visible.ts'
import type { Route } from '../../kernel/http/route.ts'
import type { ImageStore } from '../image-store/image-store.ts'

export const imageRoutes = (store: ImageStore): readonly Route[] => [
  route('GET /v2/images', {
    rule: 'get_images',
    async run(ctx, db) {
      const page = await listImages(ctx, db)
      return ok(viewImages(page.images, page))
    },
  }),
  route('POST /v2/images', {
    rule: 'add_image',
    body: ImageBody,
    async run(ctx, tx, { body }) {
      const image = await createImage(ctx, tx, body)
      return created(viewImage(image), {
        location: `${ctx.request.baseUrl}/v2/images/${image.id}`,
        'openstack-image-import-methods': importMethods.join(','),
        'openstack-image-store-ids': storeId,
      })
    },
  }),
  route('GET /v2/images/:id', {
    rule: 'get_image',
    run: async (ctx, db, { params }) => ok(viewImage((await visibleImage(ctx, db, params.id)).image)),
  }),
  route('PATCH /v2/images/:id', {
    rule: 'modify_image',
    body: PatchBody,
    mediaType: patchMedia,
    async run(ctx, tx, { params, body }) {
      const old = /v2\.0/.test(ctx.request.headers['content-type'] ?? '')
      const operations = readOperations(body, old ? 4 : 10)
      return ok(viewImage(await patchImage(ctx, tx, { id: params.id, operations, strictAdd: old })))
    },
  }),
  route('DELETE /v2/images/:id', {
    rule: 'delete_image',
    async run(ctx, tx, { params }) {
      await deleteImage(ctx, tx, { id: params.id, store })
      return noContent()
    },
  }),
  route('POST /v2/images/:id/actions/deactivate', {
    rule: 'deactivate',
    async run(ctx, tx, { params }) {
      await switchImage(ctx, tx, { id: params.id, rule: 'deactivate' })
      return noContent()
    },
  }),
  route('POST /v2/images/:id/actions/reactivate', {
    rule: 'reactivate',
    async run(ctx, tx, { params }) {
      await switchImage(ctx, tx, { id: params.id, rule: 'reactivate' })
      return noContent()
    },
  }),
  route('PUT /v2/images/:id/tags/:tag', {
    rule: 'modify_image',
    async run(ctx, tx, { params }) {
      if (params.tag.length > 255) throw invalid('Image tag is longer than 255 characters.')
      await addTag(ctx, tx, params)
      return noContent()
    },
  }),
  route('DELETE /v2/images/:id/tags/:tag', {
    rule: 'modify_image',
    async run(ctx, tx, { params }) {
      await removeTag(ctx, tx, params)
      return noContent()
    },
  }),
]
