import { route } from '../../../cloud/service.ts'
import { created, ok } from '../../../kernel/http/answer.ts'
import { assertValid } from '../../../kernel/http/schema.ts'
import { addDefinition, changeDefinition, listDefinitions, showDefinition } from '../definitions/definitions.ts'
import { tagKind } from '../definitions/kinds.ts'
import { clears, removes } from '../definitions/removals.ts'
import { assertWritable } from '../documents.ts'
import { TagBody, tagDocument, TagsBody } from './schema.ts'
import { setTags, tagOf } from './tags.ts'
import { viewTag, viewTags } from './view.ts'

const { rules } = tagKind

export const tagRoutes = [
  route('GET /v2/metadefs/namespaces/:namespace/tags', {
    rule: rules.list,
    run: async (ctx, db, { params }) => ok(viewTags(await listDefinitions(ctx, db, tagKind, params.namespace))),
  }),
  route('POST /v2/metadefs/namespaces/:namespace/tags', {
    rule: 'add_metadef_tags',
    body: TagsBody,
    async run(ctx, tx, { params: { namespace }, body }) {
      assertWritable(tagDocument, body)
      const { tags = [] } = body
      const append = /^(1|t|true|on|y|yes)$/i.test(String(ctx.request.headers['x-openstack-append']).trim())
      await setTags(ctx, tx, { namespace, tags, append })
      return created(viewTags(tags))
    },
  }),
  route('DELETE /v2/metadefs/namespaces/:namespace/tags', { rule: rules.clear[0]!, run: clears(tagKind) }),
  route('GET /v2/metadefs/namespaces/:namespace/tags/:name', {
    rule: rules.show,
    run: async (ctx, db, { params }) => ok(viewTag((await showDefinition(ctx, db, tagKind, params)).row)),
  }),
  route('POST /v2/metadefs/namespaces/:namespace/tags/:name', {
    rule: rules.add,
    async run(ctx, tx, { params: { namespace, name } }) {
      assertValid(TagBody, 'body', { name })
      return created(viewTag((await addDefinition(ctx, tx, tagKind, { namespace, definition: tagOf({ name }) })).row))
    },
  }),
  route('PUT /v2/metadefs/namespaces/:namespace/tags/:name', {
    rule: rules.change,
    body: TagBody,
    async run(ctx, tx, { params, body }) {
      return ok(viewTag((await changeDefinition(ctx, tx, tagKind, { ...params, definition: tagOf(body) })).row))
    },
  }),
  route('DELETE /v2/metadefs/namespaces/:namespace/tags/:name', { rule: rules.remove, run: removes(tagKind) }),
]
