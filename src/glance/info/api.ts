import { route } from '../../cloud/service.ts'
import { ok } from '../../kernel/http/answer.ts'
import { importMethods, storeId } from '../imports/imports.ts'

const store = { id: storeId, description: 'A folder that all instances share' }

/** What clients ask to learn what this image service can do. */
export const infoRoutes = [
  route('GET /v2/info/import', {
    rule: 'get_images',
    run: () => ok({ 'import-methods': { description: 'Import methods available.', type: 'array', value: importMethods } }),
  }),
  route('GET /v2/info/stores', { rule: 'get_images', run: () => ok({ stores: [{ ...store, default: 'true' }] }) }),
  route('GET /v2/info/stores/detail', {
    rule: 'stores_info_detail',
    run: () =>
      ok({
        stores: [{ ...store, default: 'true', type: 'file', weight: 0, properties: { chunk_size: 65_536, thin_provisioning: false } }],
      }),
  }),
  route('GET /v2/info/usage', { rule: 'get_images', run: () => ok({ usage: {} }) }),
]
