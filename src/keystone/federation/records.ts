import { Type, type TObject } from 'typebox'
import { route } from '../../cloud/service.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { selfLink, text } from '../lists.ts'
import { found, stored } from '../refusals.ts'
import { bodyOf } from './schema.ts'
import { deleteRecord, insertRecord, listRecords, recordAt, updateRecord } from './store.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { FederationRow, RecordKind } from './tables.ts'

type Fields = Readonly<Record<string, unknown>>

/** One kind of record, as data. */
export interface RecordSpec {
  readonly kind: RecordKind
  /** As a path and as the name of a list. */
  readonly collection: string
  /** In words. */
  readonly title: string
  readonly schema: { readonly create: TObject; readonly update: TObject }
  /** What is not given at its creation. */
  readonly defaults: Fields
  links(ctx: RequestContext, row: FederationRow): object
  /** Checks, completes and does what goes with a write; gives the fields as they are kept. */
  readonly written?: (ctx: CloudContext, tx: Tx, record: { readonly id: string; readonly fields: Fields }) => Promise<Fields>
  readonly removed?: (tx: Tx, id: string) => Promise<void>
}

const Query = Type.Object({ id: text, enabled: text })

export const recordView =
  (ctx: RequestContext, { links }: Pick<RecordSpec, 'links'>) =>
  (row: FederationRow): object => ({ ...row.fields_json, id: row.id, links: links(ctx, row) })

export const listed = (ctx: RequestContext, name: string, shown: readonly object[]) =>
  ok({ [name]: shown, links: { next: null, self: selfLink(ctx), previous: null } })

/** The routes by which records of one kind are listed, made, shown, changed and removed. */
export function recordRoutes(spec: RecordSpec) {
  const { kind, collection, title, schema, defaults, written = async (_ctx, _tx, { fields }) => fields, removed } = spec
  const path = `/v3/OS-FEDERATION/${collection}` as const
  const member = `${path}/:id` as const
  return [
    route(`GET ${path}`, {
      rule: `identity:list_${kind}s`,
      query: Query,
      run: async (ctx, db, { query }) => {
        const wanted = (row: FederationRow) =>
          (query.id === undefined || query.id === row.id) &&
          (query.enabled === undefined || String(row.fields_json['enabled']) === query.enabled.toLowerCase())
        return listed(ctx, collection, (await listRecords(db, { kind })).filter(wanted).map(recordView(ctx, spec)))
      },
    }),
    route(`PUT ${member}`, {
      rule: `identity:create_${kind}`,
      body: bodyOf(kind, schema.create),
      run: async (ctx, tx, { params: { id }, body }) => {
        const fields = { ...defaults, ...(body[kind] as Fields) }
        if (!(await insertRecord(ctx, tx, { kind, id }, fields))) throw stored(kind, `Duplicate entry found with ID ${id}.`)
        await updateRecord(tx, { kind, id }, await written(ctx, tx, { id, fields }))
        return created({ [kind]: recordView(ctx, spec)((await recordAt(tx, { kind, id }))!) })
      },
    }),
    route(`GET ${member}`, {
      rule: `identity:get_${kind}`,
      run: async (ctx, db, { params: { id } }) => ok({ [kind]: recordView(ctx, spec)(found(await recordAt(db, { kind, id }), title, id)) }),
    }),
    route(`PATCH ${member}`, {
      rule: `identity:update_${kind}`,
      body: bodyOf(kind, schema.update),
      run: async (ctx, tx, { params: { id }, body }) => {
        const row = found(await recordAt(tx, { kind, id }), title, id)
        const fields = { ...row.fields_json, ...(body[kind] as Fields) }
        await updateRecord(tx, { kind, id }, await written(ctx, tx, { id, fields }))
        return ok({ [kind]: recordView(ctx, spec)((await recordAt(tx, { kind, id }))!) })
      },
    }),
    route(`DELETE ${member}`, {
      rule: `identity:delete_${kind}`,
      run: async (_ctx, tx, { params: { id } }) => {
        found(await recordAt(tx, { kind, id }), title, id)
        await removed?.(tx, id)
        await deleteRecord(tx, { kind, id })
        return noContent()
      },
    }),
  ]
}
