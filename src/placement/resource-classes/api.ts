import { route } from '../../cloud/service.ts'
import { conflict, invalid, notFound } from '../../kernel/errors.ts'
import { created, noContent } from '../../kernel/http/answer.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { createdAt, okFresh } from '../answers.ts'
import { customNames, deleteUnusedName, insertName } from '../custom-names.ts'
import { isCustomName } from '../patterns.ts'
import { NamedClass } from './schema.ts'
import { isStandardClass, standardClasses } from './standard.ts'
import { renameClass } from './store.ts'
import { classPath, viewClass } from './view.ts'

const table = 'placement_resource_classes'
const rule = (name: string) => `placement:resource_classes:${name}`

async function assertKnown(db: Db, name: string): Promise<Date | undefined> {
  if (isStandardClass(name)) return undefined
  const [custom] = await customNames(db, table, [name])
  if (!custom) throw notFound(`No such resource class ${name.slice(0, 255)}.`)
  return custom.createdAt
}

/** What can be had: VCPU, MEMORY_MB, and what users call CUSTOM_. */
export const resourceClasses = [
  route('GET /resource_classes', {
    rule: rule('list'),
    since: '1.2',
    run: async (ctx, db) => {
      const custom = await customNames(db, table)
      const names = [...standardClasses, ...custom.map(({ name }) => name)]
      return okFresh(ctx, { resource_classes: names.map((name) => viewClass(ctx, name)) })
    },
  }),
  route('POST /resource_classes', {
    rule: rule('create'),
    since: '1.2',
    body: NamedClass,
    run: async (ctx, tx, { body: { name } }) => {
      if (!(await insertName(ctx, tx, table, name))) throw conflict(`Conflicting resource class already exists: ${name}`)
      return createdAt(ctx, classPath(name))
    },
  }),
  route('GET /resource_classes/:name', {
    rule: rule('show'),
    since: '1.2',
    run: async (ctx, db, { params: { name } }) => {
      const changed = await assertKnown(db, name)
      return okFresh(ctx, viewClass(ctx, name), changed)
    },
  }),
  route('PUT /resource_classes/:name', {
    rule: rule('update'),
    since: '1.2',
    until: '1.6',
    body: NamedClass,
    run: async (ctx, tx, { params: { name }, body }) => {
      await assertKnown(tx, name)
      if (isStandardClass(name)) throw invalid(`Cannot update standard resource class ${name}`)
      if (name !== body.name && !(await renameClass(tx, name, body.name))) throw conflict(`Resource class already exists: ${body.name}`)
      return okFresh(ctx, viewClass(ctx, body.name))
    },
  }),
  route('PUT /resource_classes/:name', {
    rule: rule('update'),
    since: '1.7',
    run: async (ctx, tx, { params: { name } }) => {
      if (!isCustomName(name)) throw invalid(`JSON does not validate: '${name.slice(0, 255)}' does not match '^CUSTOM_[A-Z0-9_]+$'`)
      const headers = { location: ctx.request.baseUrl + classPath(name) }
      return (await insertName(ctx, tx, table, name)) ? created(undefined, headers) : noContent(headers)
    },
  }),
  route('DELETE /resource_classes/:name', {
    rule: rule('delete'),
    since: '1.2',
    run: async (_ctx, tx, { params: { name } }) => {
      await assertKnown(tx, name)
      if (isStandardClass(name)) throw invalid(`Error in delete resource class: Cannot delete standard resource class ${name}.`)
      if (!(await deleteUnusedName(tx, table, name))) {
        throw conflict(`Error in delete resource class: Cannot delete resource class ${name}. Class is in use in inventory.`)
      }
      return noContent()
    },
  }),
]
