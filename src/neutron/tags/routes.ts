import { Type } from 'typebox'
import { route } from '../../cloud/service.ts'
import { notFound } from '../../kernel/errors.ts'
import { noContent, ok } from '../../kernel/http/answer.ts'
import { enforceAttributes } from '../attribute-policy.ts'
import { changedMeanwhile, invalidAttribute } from '../refusals.ts'
import { assertRevision } from '../revision.ts'
import { addTag, deleteTag, deleteTagsOf, hasTag, replaceTags, tagsOf, touch, type TaggedTable } from './store.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Route } from '../../kernel/http/route.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'

const maxLength = 255
const Tags = Type.Object(
  { tags: Type.Array(Type.String({ minLength: 1, maxLength }), { uniqueItems: true, maxItems: 1000 }) },
  { additionalProperties: false },
)

interface Tagged {
  readonly id: string
  readonly project_id: string
  readonly revision_number: number
}

/** The routes of `…/tags` of one collection. `find` is the resource as the asker may see it, or throws. */
export function tagRoutes(
  collection: string,
  { table, find }: { table: TaggedTable; find: (ctx: CloudContext, db: Db, id: string) => Promise<Tagged> },
): Route[] {
  const path = `/v2.0/${collection}/:id/tags` as const

  // Every change of tags counts as a change of the resource, which also keeps it from being deleted meanwhile.
  const change = async (ctx: CloudContext, tx: Tx, id: string) => {
    const resource = await find(ctx, tx, id)
    enforceAttributes(ctx, { action: 'update_tags', target: { project_id: resource.project_id }, given: {}, rules: {} })
    assertRevision(ctx, resource)
    if (!(await touch(ctx, tx, table, id))) throw changedMeanwhile(`${collection} ${id}`)
  }
  const there = async (db: Db, id: string, tag: string) => {
    if (!(await hasTag(db, id, tag))) throw notFound(`Tag ${tag} could not be found.`, { type: 'TagNotFound' })
  }
  return [
    route(`GET ${path}`, {
      rule: 'get_tags',
      run: async (ctx, db, { params }) => {
        const { id } = await find(ctx, db, params.id)
        return ok({ tags: (await tagsOf(db, [id])).get(id) ?? [] })
      },
    }),
    route(`PUT ${path}`, {
      rule: 'update_tags',
      body: Tags,
      run: async (ctx, tx, { params, body }) => {
        await change(ctx, tx, params.id)
        await replaceTags(ctx, tx, params.id, body.tags)
        return ok({ tags: (await tagsOf(tx, [params.id])).get(params.id) ?? [] })
      },
    }),
    route(`DELETE ${path}`, {
      rule: 'update_tags',
      run: async (ctx, tx, { params }) => {
        await change(ctx, tx, params.id)
        await deleteTagsOf(tx, [params.id])
        return noContent()
      },
    }),
    route(`GET ${path}/:tag`, {
      rule: 'get_tags',
      run: async (ctx, db, { params }) => {
        const { id } = await find(ctx, db, params.id)
        await there(db, id, params.tag)
        return noContent()
      },
    }),
    route(`PUT ${path}/:tag`, {
      rule: 'update_tags',
      run: async (ctx, tx, { params }) => {
        if (params.tag.length > maxLength)
          throw invalidAttribute('tags', `'${params.tag.slice(0, 300)}' exceeds maximum length of ${maxLength}.`)
        await change(ctx, tx, params.id)
        await addTag(ctx, tx, params.id, params.tag)
        return { status: 201 }
      },
    }),
    route(`DELETE ${path}/:tag`, {
      rule: 'update_tags',
      run: async (ctx, tx, { params }) => {
        await change(ctx, tx, params.id)
        await there(tx, params.id, params.tag)
        await deleteTag(tx, params.id, params.tag)
        return noContent()
      },
    }),
  ]
}
