import { route } from '../../cloud/service.ts'
import { invalid, notFound } from '../../kernel/errors.ts'
import { created, noContent, ok } from '../../kernel/http/answer.ts'
import { link } from '../lists.ts'
import { found, stored } from '../refusals.ts'
import { listed, recordView } from './records.ts'
import { bodyOf, protocol } from './schema.ts'
import { deleteRecord, insertRecord, listRecords, recordAt, updateRecord, type Place } from './store.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import type { FederationRow } from './tables.ts'

const path = '/v3/OS-FEDERATION/identity_providers/:idp_id/protocols'
const member = `${path}/:protocol_id` as const

const links = (ctx: RequestContext, { parent_id, id }: FederationRow) => {
  const provider = link(ctx, 'OS-FEDERATION/identity_providers', parent_id).self
  return { identity_provider: provider, self: `${provider}/protocols/${id}` }
}

interface Params {
  readonly idp_id: string
  readonly protocol_id: string
}

/** Where the protocol is, or would be, of a provider that is there. */
async function placeOf(db: Db, { idp_id, protocol_id }: Params): Promise<Place> {
  found(await recordAt(db, { kind: 'identity_provider', id: idp_id }), 'Identity Provider', idp_id)
  return { kind: 'protocol', parentId: idp_id, id: protocol_id }
}

async function theProtocol(db: Db, params: Params): Promise<FederationRow> {
  const row = await recordAt(db, await placeOf(db, params))
  if (!row) throw notFound(`Could not find federated protocol ${params.protocol_id} for Identity Provider: ${params.idp_id}.`)
  return row
}

async function assertMapping(db: Db, id: string | undefined): Promise<void> {
  if (id !== undefined && !(await recordAt(db, { kind: 'mapping', id }))) throw invalid(`Invalid mapping id: ${id}`)
}

const shown = (ctx: RequestContext, row: FederationRow) => ({ protocol: recordView(ctx, { links })(row) })

/** The ways in which an identity provider speaks, each with what is made of its words. */
export const federationProtocols = [
  route(`GET ${path}`, {
    rule: 'identity:list_protocols',
    run: async (ctx, db, { params: { idp_id } }) => {
      await placeOf(db, { idp_id, protocol_id: '' })
      return listed(ctx, 'protocols', (await listRecords(db, { kind: 'protocol', parentId: idp_id })).map(recordView(ctx, { links })))
    },
  }),
  route(`PUT ${member}`, {
    rule: 'identity:create_protocol',
    body: bodyOf('protocol', protocol.create),
    run: async (ctx, tx, { params, body }) => {
      const place = await placeOf(tx, params)
      await assertMapping(tx, body.protocol.mapping_id)
      const fields = { remote_id_attribute: null, ...body.protocol }
      if (!(await insertRecord(ctx, tx, place, fields)))
        throw stored('federation_protocol', `Duplicate entry found with ID ${params.protocol_id}.`)
      return created(shown(ctx, await theProtocol(tx, params)))
    },
  }),
  route(`GET ${member}`, {
    rule: 'identity:get_protocol',
    run: async (ctx, db, { params }) => ok(shown(ctx, await theProtocol(db, params))),
  }),
  route(`PATCH ${member}`, {
    rule: 'identity:update_protocol',
    body: bodyOf('protocol', protocol.update),
    run: async (ctx, tx, { params, body }) => {
      const row = await theProtocol(tx, params)
      await assertMapping(tx, body.protocol.mapping_id)
      await updateRecord(tx, await placeOf(tx, params), { ...row.fields_json, ...body.protocol })
      return ok(shown(ctx, await theProtocol(tx, params)))
    },
  }),
  route(`DELETE ${member}`, {
    rule: 'identity:delete_protocol',
    run: async (_ctx, tx, { params }) => {
      await theProtocol(tx, params)
      await deleteRecord(tx, await placeOf(tx, params))
      return noContent()
    },
  }),
]
