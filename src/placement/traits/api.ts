import { route } from '../../cloud/service.ts'
import { conflict, invalid, notFound } from '../../kernel/errors.ts'
import { noContent } from '../../kernel/http/answer.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { createdAt, emptyFresh, okFresh } from '../answers.ts'
import { customNames, deleteUnusedName, insertName } from '../custom-names.ts'
import { isCustomName } from '../patterns.ts'
import { listTraits } from './list.ts'
import { ListTraits } from './schema.ts'
import { isStandardTrait } from './standard.ts'

const table = 'placement_traits'
const rule = (name: string) => `placement:traits:${name}`

async function assertKnown(db: Db, name: string): Promise<Date | undefined> {
  if (isStandardTrait(name)) return undefined
  const [custom] = await customNames(db, table, [name])
  if (!custom) throw notFound(`No such trait(s): ${name.slice(0, 255)}.`)
  return custom.createdAt
}

const badName =
  'The trait is invalid. A valid trait must be no longer than 255 characters, start with the prefix "CUSTOM_" and use following characters: "A"-"Z", "0"-"9" and "_"'

/** What a provider can be: fast, Intel, in the basement. */
export const traits = [
  route('GET /traits', {
    rule: rule('list'),
    since: '1.6',
    query: ListTraits,
    run: async (ctx, db, { query }) => okFresh(ctx, { traits: await listTraits(db, query) }),
  }),
  route('GET /traits/:name', {
    rule: rule('show'),
    since: '1.6',
    run: async (ctx, db, { params: { name } }) => emptyFresh(ctx, await assertKnown(db, name)),
  }),
  route('PUT /traits/:name', {
    rule: rule('update'),
    since: '1.6',
    run: async (ctx, tx, { params: { name } }) => {
      if (!isCustomName(name)) throw invalid(badName)
      const path = `/traits/${name}`
      return (await insertName(ctx, tx, table, name)) ? createdAt(ctx, path) : emptyFresh(ctx, await assertKnown(tx, name), path)
    },
  }),
  route('DELETE /traits/:name', {
    rule: rule('delete'),
    since: '1.6',
    run: async (_ctx, tx, { params: { name } }) => {
      await assertKnown(tx, name)
      if (isStandardTrait(name)) throw invalid(`Cannot delete standard trait ${name}.`)
      if (!(await deleteUnusedName(tx, table, name))) throw conflict(`The trait ${name} is in use by a resource provider.`)
      return noContent()
    },
  }),
]
