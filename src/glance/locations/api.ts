import { Type } from 'typebox'
import { route } from '../../cloud/service.ts'
import { ok } from '../../kernel/http/answer.ts'
import { conflict, invalid, notFound } from '../../kernel/errors.ts'
import { hasData } from '../images/states.ts'
import { imageById } from '../images/store.ts'
import { imageFor } from '../images/visible.ts'
import { storeId } from '../imports/imports.ts'
import type { Route } from '../../kernel/http/route.ts'
import type { ImageStore } from '../image-store/image-store.ts'

const LocationBody = Type.Object(
  { url: Type.String({ maxLength: 4096 }), validation_data: Type.Optional(Type.Object({}, { additionalProperties: true })) },
  { additionalProperties: false },
)

export const locationRoutes = (store: ImageStore): readonly Route[] => [
  route('GET /v2/images/:id/locations', {
    rule: 'fetch_image_location',
    async run(_ctx, db, { params }) {
      // The rule is for services, and those see every image.
      const image = await imageById(db, params.id)
      if (!image) throw notFound(`No image found with ID ${params.id}`)
      const there = image.file_name !== null && hasData(image.status)
      return ok(there ? [{ url: store.urlOf(image.file_name!), metadata: { store: storeId } }] : [])
    },
  }),
  route('POST /v2/images/:id/locations', {
    rule: 'add_image_location',
    body: LocationBody,
    async run(ctx, tx, { params, body }) {
      const image = await imageFor(ctx, tx, 'add_image_location', params.id)
      if (image.status !== 'queued') throw conflict(`It's not allowed to add locations if image status is ${image.status}.`)
      // Nobody may say which of the store's files is his.
      throw invalid(`Invalid location: ${body.url.slice(0, 512)}`)
    },
  }),
]
