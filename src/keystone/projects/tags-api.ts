import { route } from '../../cloud/service.ts'
import { invalid, notFound } from '../../kernel/errors.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { selfLink } from '../lists.ts'
import { assertValid } from '../../kernel/http/schema.ts'
import { allowedProject } from './api.ts'
import { maxTags, ReplaceTags, tagList } from './schema.ts'
import { addTag, removeTag, setTags, tagsOf } from './store.ts'
import type { Db } from '../../kernel/sql/tables.ts'

const namesOf = async (db: Db, id: string) => (await tagsOf(db, [id])).get(id)!

export const projectTags = [
  route('GET /v3/projects/:project_id/tags', {
    rule: 'identity:list_project_tags',
    run: async (ctx, db, { params }) => {
      const row = await allowedProject(ctx, db, 'identity:list_project_tags', params.project_id)
      return ok({ tags: await namesOf(db, row.id), links: { next: null, self: selfLink(ctx), previous: null } })
    },
  }),
  route('PUT /v3/projects/:project_id/tags', {
    rule: 'identity:update_project_tags',
    body: ReplaceTags,
    run: async (ctx, tx, { params, body }) => {
      const row = await allowedProject(ctx, tx, 'identity:update_project_tags', params.project_id)
      await setTags(tx, row.id, body.tags)
      return ok({ tags: await namesOf(tx, row.id), links: { next: null, self: selfLink(ctx), previous: null } })
    },
  }),
  route('DELETE /v3/projects/:project_id/tags', {
    rule: 'identity:delete_project_tags',
    run: async (ctx, tx, { params }) => {
      const row = await allowedProject(ctx, tx, 'identity:delete_project_tags', params.project_id)
      await setTags(tx, row.id, [])
      return noContent()
    },
  }),
  route('GET /v3/projects/:project_id/tags/:value', {
    rule: 'identity:get_project_tag',
    run: async (ctx, db, { params }) => {
      const row = await allowedProject(ctx, db, 'identity:get_project_tag', params.project_id)
      if (!(await namesOf(db, row.id)).includes(params.value)) throw notFound(`Could not find project tag: ${params.value}.`)
      return noContent()
    },
  }),
  route('PUT /v3/projects/:project_id/tags/:value', {
    rule: 'identity:create_project_tag',
    run: async (ctx, tx, { params }) => {
      const row = await allowedProject(ctx, tx, 'identity:create_project_tag', params.project_id)
      assertValid(tagList, 'query', [params.value])
      await addTag(ctx, tx, row.id, params.value)
      if ((await namesOf(tx, row.id)).length > maxTags) throw invalid(`A project has at most ${maxTags} tags.`)
      return created(undefined, { location: selfLink(ctx) })
    },
  }),
  route('DELETE /v3/projects/:project_id/tags/:value', {
    rule: 'identity:delete_project_tag',
    run: async (ctx, tx, { params }) => {
      const row = await allowedProject(ctx, tx, 'identity:delete_project_tag', params.project_id)
      if (!(await removeTag(tx, row.id, params.value))) throw notFound(`Could not find project tag: ${params.value}.`)
      return noContent()
    },
  }),
]
