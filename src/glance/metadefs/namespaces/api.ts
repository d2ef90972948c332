import { route } from '../../../cloud/service.ts'
import { created, noContent, ok } from '../../../kernel/http/answer.ts'
import { pageLinks } from '../../page-links.ts'
import { changeNamespace, deleteNamespace } from './change.ts'
import { createNamespace } from './create.ts'
import { listNamespaces } from './list.ts'
import { NamespaceBody } from './schema.ts'
import { showNamespace } from './show.ts'
import { namespacesPath, viewFullNamespace, viewNamespace, viewNamespaces, viewNewNamespace } from './view.ts'

export const namespaceRoutes = [
  route('GET /v2/metadefs/namespaces', {
    rule: 'get_metadef_namespaces',
    async run(ctx, db) {
      const { namespaces, next } = await listNamespaces(ctx, db)
      return ok(viewNamespaces(namespaces, pageLinks(namespacesPath, ctx.request.search, next)))
    },
  }),
  route('POST /v2/metadefs/namespaces', {
    rule: 'add_metadef_namespace',
    body: NamespaceBody,
    async run(ctx, tx, { body }) {
      const namespace = await createNamespace(ctx, tx, body)
      const location = `${ctx.request.baseUrl}${namespacesPath}/${encodeURIComponent(namespace.namespace)}`
      return created(viewNewNamespace(namespace, body), { location })
    },
  }),
  route('GET /v2/metadefs/namespaces/:namespace', {
    rule: 'get_metadef_namespace',
    run: async (ctx, db, { params }) =>
      ok(viewFullNamespace(await showNamespace(ctx, db, params.namespace), ctx.request.search.get('resource_type'))),
  }),
  route('PUT /v2/metadefs/namespaces/:namespace', {
    rule: 'modify_metadef_namespace',
    body: NamespaceBody,
    run: async (ctx, tx, { params, body }) => ok(viewNamespace(await changeNamespace(ctx, tx, params.namespace, body))),
  }),
  route('DELETE /v2/metadefs/namespaces/:namespace', {
    rule: 'delete_metadef_namespace',
    async run(ctx, tx, { params }) {
      await deleteNamespace(ctx, tx, params.namespace)
      return noContent()
    },
  }),
]
