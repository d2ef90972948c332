import { route } from '../../cloud/service.ts'
import { noContent } from '../../kernel/http/answer.ts'
import { createdAt, okAt, okFresh } from '../answers.ts'
import { speaks } from '../since.ts'
import { createProvider } from './create.ts'
import { deleteProvider } from './delete.ts'
import { findProvider } from './find.ts'
import { listProviders } from './list.ts'
import { CreateProvider, ListProviders, UpdateProvider } from './schema.ts'
import { updateProvider } from './update.ts'
import { providerPath, viewProvider } from './view.ts'

/** Whatever has something to give: hosts, their parts, shared storage. */
export const resourceProviders = [
  route('GET /resource_providers', {
    rule: 'placement:resource_providers:list',
    query: ListProviders,
    run: async (ctx, db, { query }) => {
      const rows = await listProviders(ctx, db, query)
      return okFresh(
        ctx,
        { resource_providers: rows.map((row) => viewProvider(ctx, row)) },
        rows.map((row) => row.updated_at),
      )
    },
  }),
  route('POST /resource_providers', {
    rule: 'placement:resource_providers:create',
    body: CreateProvider,
    run: async (ctx, tx, { body }) => {
      const provider = await createProvider(ctx, tx, body)
      const path = providerPath(provider.id)
      return speaks(ctx, '1.20') ? okAt(ctx, path, viewProvider(ctx, provider), provider.updated_at) : createdAt(ctx, path)
    },
  }),
  route('GET /resource_providers/:uuid', {
    rule: 'placement:resource_providers:show',
    run: async (ctx, db, { params }) => {
      const provider = await findProvider(db, params.uuid)
      return okFresh(ctx, viewProvider(ctx, provider), provider.updated_at)
    },
  }),
  route('PUT /resource_providers/:uuid', {
    rule: 'placement:resource_providers:update',
    body: UpdateProvider,
    run: async (ctx, tx, { params, body }) => {
      const provider = await updateProvider(ctx, tx, params.uuid, body)
      return okFresh(ctx, viewProvider(ctx, provider), provider.updated_at)
    },
  }),
  route('DELETE /resource_providers/:uuid', {
    rule: 'placement:resource_providers:delete',
    run: async (ctx, tx, { params }) => {
      await deleteProvider(ctx, tx, params.uuid)
      return noContent()
    },
  }),
]
