import { projectOf } from '../../cloud/context.ts'
import { route } from '../../cloud/service.ts'
import { ok } from '../../kernel/http/answer.ts'
import { limitsOf } from '../quotas/charge.ts'
import { usageOf } from '../quotas/store.ts'
import { viewUsage } from '../quotas/view.ts'
import { importMethods, storeId } from '../imports/imports.ts'
import type { Route } from '../../kernel/http/route.ts'
import type { ImageStore } from '../image-store/image-store.ts'

// What glance tells of a kind of store to those who may know, as far as we have it.
const properties = { file: { chunk_size: 65_536, thin_provisioning: false }, s3: {} } as const

/** What clients ask to learn what this image service can do. */
export const infoRoutes = ({ kind, description }: ImageStore): readonly Route[] => [
  route('GET /v2/info/import', {
    rule: 'get_images',
    run: () => ok({ 'import-methods': { description: 'Import methods available.', type: 'array', value: importMethods } }),
  }),
  route('GET /v2/info/stores', { rule: 'get_images', run: () => ok({ stores: [{ id: storeId, description, default: 'true' }] }) }),
  route('GET /v2/info/stores/detail', {
    rule: 'stores_info_detail',
    run: () =>
      ok({
        stores: [{ id: storeId, description, default: 'true', type: kind, weight: 0, properties: properties[kind] }],
      }),
  }),
  route('GET /v2/info/usage', {
    rule: 'get_images',
    run: async (ctx, db) => ok({ usage: viewUsage(await limitsOf(db, projectOf(ctx)), await usageOf(db, projectOf(ctx))) }),
  }),
]
