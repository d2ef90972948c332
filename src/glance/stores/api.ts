import { route } from '../../cloud/service.ts'
import { conflict, forbidden } from '../../kernel/errors.ts'
import { imageFor } from '../images/visible.ts'
import { storeId } from '../imports/imports.ts'
import type { Route } from '../../kernel/http/route.ts'

/** Where there is one store, an image can't be taken out of it and be left; the words are glance/api/v2/images.py's. */
export const storeRoutes: readonly Route[] = [
  route('DELETE /v2/stores/:store/:id', {
    rule: 'delete_image_location',
    async run(ctx, tx, { params }) {
      if (params.store !== storeId) throw conflict(`The selected store ${params.store.slice(0, 64)} is not available on this node.`)
      const image = await imageFor(ctx, tx, 'delete_image_location', params.id)
      if (image.status !== 'active') throw conflict("It's not allowed to remove image data from store if image status is not 'active'")
      throw forbidden('Cannot delete image data from the only store containing it. Consider deleting the image instead.')
    },
  }),
]
