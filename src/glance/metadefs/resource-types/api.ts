import { route } from '../../../cloud/service.ts'
import { created, noContent, ok } from '../../../kernel/http/answer.ts'
import { namespaceFor, targetOf } from '../namespaces/visible.ts'
import { addAssociation, removeAssociation } from './associate.ts'
import { AssociationBody } from './schema.ts'
import { associationsOf, listResourceTypes } from './store.ts'
import { viewAssociation, viewResourceType } from './view.ts'

export const resourceTypeRoutes = [
  route('GET /v2/metadefs/resource_types', {
    rule: 'list_metadef_resource_types',
    run: async (_ctx, db) => ok({ resource_types: (await listResourceTypes(db)).map(viewResourceType) }),
  }),
  route('GET /v2/metadefs/namespaces/:namespace/resource_types', {
    rule: 'list_metadef_resource_types',
    async run(ctx, db, { params }) {
      const namespace = await namespaceFor(ctx, db, params.namespace, { rules: ['list_metadef_resource_types'] })
      const mayShow = ctx.policy.allows(ctx.subject, 'get_metadef_resource_type', targetOf(namespace))
      const associations = mayShow ? await associationsOf(db, [namespace.id]) : []
      return ok({ resource_type_associations: associations.map(viewAssociation) })
    },
  }),
  route('POST /v2/metadefs/namespaces/:namespace/resource_types', {
    rule: 'add_metadef_resource_type_association',
    body: AssociationBody,
    run: async (ctx, tx, { params, body }) => created(viewAssociation(await addAssociation(ctx, tx, params.namespace, body))),
  }),
  route('DELETE /v2/metadefs/namespaces/:namespace/resource_types/:resourceType', {
    rule: 'remove_metadef_resource_type_association',
    async run(ctx, tx, { params }) {
      await removeAssociation(ctx, tx, params)
      return noContent()
    },
  }),
]
