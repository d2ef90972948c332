import { route } from '../../../cloud/service.ts'
import { created, ok } from '../../../kernel/http/answer.ts'
import { addDefinition, changeDefinition, namespaceOf, showDefinition } from '../definitions/definitions.ts'
import { propertyKind } from '../definitions/kinds.ts'
import { clears, removes } from '../definitions/removals.ts'
import { definitionsAt } from '../definitions/store.ts'
import { propertyOf, propertyOnResources } from './property.ts'
import { PropertyBody } from './schema.ts'
import { viewProperties, viewProperty } from './view.ts'

const { rules } = propertyKind

export const propertyRoutes = [
  route('GET /v2/metadefs/namespaces/:namespace/properties', {
    rule: rules.list,
    async run(ctx, db, { params }) {
      const { id } = await namespaceOf(ctx, db, propertyKind, params.namespace, [rules.list])
      return ok({ properties: viewProperties(await definitionsAt(db, { namespaceId: id, kind: 'property' })) })
    },
  }),
  route('POST /v2/metadefs/namespaces/:namespace/properties', {
    rule: rules.add,
    body: PropertyBody,
    async run(ctx, tx, { params: { namespace }, body }) {
      const { row } = await addDefinition(ctx, tx, propertyKind, { namespace, definition: propertyOf(body) })
      return created(viewProperty(row))
    },
  }),
  route('DELETE /v2/metadefs/namespaces/:namespace/properties', { rule: rules.clear[0]!, run: clears(propertyKind) }),
  route('GET /v2/metadefs/namespaces/:namespace/properties/:name', {
    rule: rules.show,
    async run(ctx, db, { params }) {
      const resourceType = ctx.request.search.get('resource_type')
      const { row } = resourceType
        ? await propertyOnResources(ctx, db, { ...params, resourceType })
        : await showDefinition(ctx, db, propertyKind, params)
      return ok(viewProperty(row))
    },
  }),
  route('PUT /v2/metadefs/namespaces/:namespace/properties/:name', {
    rule: rules.change,
    body: PropertyBody,
    async run(ctx, tx, { params, body }) {
      const { row } = await changeDefinition(ctx, tx, propertyKind, { ...params, definition: propertyOf(body) })
      return ok(viewProperty(row))
    },
  }),
  route('DELETE /v2/metadefs/namespaces/:namespace/properties/:name', { rule: rules.remove, run: removes(propertyKind) }),
]
