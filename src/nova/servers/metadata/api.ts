import { Type } from 'typebox'
import { route } from '../../../cloud/service.ts'
import { invalid } from '../../../kernel/errors.ts'
import { noContent, ok } from '../../../kernel/http/answer.ts'
import { inEnvelope } from '../../schema-types.ts'
import { serverFor } from '../find.ts'
import { Metadata } from '../schema.ts'
import { changeMetadata, itemOf } from './change.ts'

const Some = inEnvelope('metadata', Metadata)
const One = inEnvelope('meta', Type.Unsafe<Record<string, string>>({ ...Metadata, minProperties: 1, maxProperties: 1 }))

/** A server's metadata, whole or one item at a time. */
export const serverMetadata = [
  route('GET /v2.1/servers/:id/metadata', {
    rule: 'os_compute_api:server-metadata:index',
    run: async (ctx, db, { params }) => ok({ metadata: (await serverFor(ctx, db, params.id)).metadata_json }),
  }),
  route('POST /v2.1/servers/:id/metadata', {
    rule: 'os_compute_api:server-metadata:create',
    body: Some,
    run: async (ctx, tx, { params, body }) =>
      ok({ metadata: await changeMetadata(ctx, tx, params.id, 'create', (now) => ({ ...now, ...body.metadata })) }),
  }),
  route('PUT /v2.1/servers/:id/metadata', {
    rule: 'os_compute_api:server-metadata:update_all',
    body: Some,
    run: async (ctx, tx, { params, body }) => ok({ metadata: await changeMetadata(ctx, tx, params.id, 'update', () => body.metadata) }),
  }),
  route('GET /v2.1/servers/:id/metadata/:key', {
    rule: 'os_compute_api:server-metadata:show',
    run: async (ctx, db, { params }) => ok({ meta: itemOf((await serverFor(ctx, db, params.id)).metadata_json, params.key) }),
  }),
  route('PUT /v2.1/servers/:id/metadata/:key', {
    rule: 'os_compute_api:server-metadata:update',
    body: One,
    run: async (ctx, tx, { params, body }) => {
      if (!Object.hasOwn(body.meta, params.key)) throw invalid('Request body and URI mismatch')
      await changeMetadata(ctx, tx, params.id, 'update', (now) => ({ ...now, ...body.meta }))
      return ok({ meta: body.meta })
    },
  }),
  route('DELETE /v2.1/servers/:id/metadata/:key', {
    rule: 'os_compute_api:server-metadata:delete',
    run: async (ctx, tx, { params }) => {
      await changeMetadata(ctx, tx, params.id, 'delete', (now) => {
        itemOf(now, params.key)
        return Object.fromEntries(Object.entries(now).filter(([key]) => key !== params.key))
      })
      return noContent()
    },
  }),
]
