import { Type } from 'typebox'
import { route } from '../../../cloud/service.ts'
import { created, noContent, ok } from '../../../kernel/http/answer.ts'
import { inEnvelope } from '../../schema-types.ts'
import { serverFor } from '../find.ts'
import { Tag } from '../schema.ts'
import { serverLinks, tagsOf } from '../view.ts'
import { addTag, assertHasTag, removeTag, replaceTags } from './change.ts'

const since = '2.26'
const Tags = inEnvelope('tags', Type.Array(Tag, { maxItems: 50 }))

/** A server's tags. */
export const serverTags = [
  route('GET /v2.1/servers/:id/tags', {
    rule: 'os_compute_api:os-server-tags:index',
    since,
    run: async (ctx, db, { params }) => ok({ tags: tagsOf(await serverFor(ctx, db, params.id)) }),
  }),
  route('PUT /v2.1/servers/:id/tags', {
    rule: 'os_compute_api:os-server-tags:update_all',
    since,
    body: Tags,
    run: async (ctx, tx, { params, body }) => ok({ tags: await replaceTags(ctx, tx, params.id, body.tags) }),
  }),
  route('DELETE /v2.1/servers/:id/tags', {
    rule: 'os_compute_api:os-server-tags:delete_all',
    since,
    run: async (ctx, tx, { params }) => {
      await replaceTags(ctx, tx, params.id, [])
      return noContent()
    },
  }),
  route('GET /v2.1/servers/:id/tags/:tag', {
    rule: 'os_compute_api:os-server-tags:show',
    since,
    run: async (ctx, db, { params }) => {
      assertHasTag(await serverFor(ctx, db, params.id), params.tag)
      return noContent()
    },
  }),
  route('PUT /v2.1/servers/:id/tags/:tag', {
    rule: 'os_compute_api:os-server-tags:update',
    since,
    run: async (ctx, tx, { params }) => {
      const isNew = await addTag(ctx, tx, params.id, params.tag)
      return isNew
        ? created(undefined, { location: `${serverLinks(ctx.request.baseUrl, params.id)[0]!.href}/tags/${encodeURIComponent(params.tag)}` })
        : noContent()
    },
  }),
  route('DELETE /v2.1/servers/:id/tags/:tag', {
    rule: 'os_compute_api:os-server-tags:delete',
    since,
    run: async (ctx, tx, { params }) => {
      await removeTag(ctx, tx, params.id, params.tag)
      return noContent()
    },
  }),
]
