import { route } from '../../../cloud/service.ts'
import { created, ok } from '../../../kernel/http/answer.ts'
import { addDefinition, changeDefinition, listDefinitions, showDefinition, type Found } from '../definitions/definitions.ts'
import { objectKind } from '../definitions/kinds.ts'
import { clears, removes } from '../definitions/removals.ts'
import { objectOf } from './object.ts'
import { ObjectBody } from './schema.ts'
import { viewObject, viewObjects } from './view.ts'

const { rules } = objectKind
const view = ({ namespace, row }: Found) => viewObject(namespace.namespace, row)

export const objectRoutes = [
  route('GET /v2/metadefs/namespaces/:namespace/objects', {
    rule: rules.list,
    run: async (ctx, db, { params: { namespace } }) => ok(viewObjects(namespace, await listDefinitions(ctx, db, objectKind, namespace))),
  }),
  route('POST /v2/metadefs/namespaces/:namespace/objects', {
    rule: rules.add,
    body: ObjectBody,
    run: async (ctx, tx, { params: { namespace }, body }) =>
      created(view(await addDefinition(ctx, tx, objectKind, { namespace, definition: objectOf(body) }))),
  }),
  route('DELETE /v2/metadefs/namespaces/:namespace/objects', { rule: rules.clear[0]!, run: clears(objectKind) }),
  route('GET /v2/metadefs/namespaces/:namespace/objects/:name', {
    rule: rules.show,
    run: async (ctx, db, { params }) => ok(view(await showDefinition(ctx, db, objectKind, params))),
  }),
  route('PUT /v2/metadefs/namespaces/:namespace/objects/:name', {
    rule: rules.change,
    body: ObjectBody,
    run: async (ctx, tx, { params, body }) =>
      ok(view(await changeDefinition(ctx, tx, objectKind, { ...params, definition: objectOf(body) }))),
  }),
  route('DELETE /v2/metadefs/namespaces/:namespace/objects/:name', { rule: rules.remove, run: removes(objectKind) }),
]
