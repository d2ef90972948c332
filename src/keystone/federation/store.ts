import './tables.ts'
import { json, type Db, type Tx } from '../../kernel/sql/tables.ts'
import type { Context } from '../../kernel/context.ts'
import type { FederationRow, RecordKind } from './tables.ts'

/** One record, or all of a kind where the id is left out. */
export interface Place {
  readonly kind: RecordKind
  readonly parentId?: string
  readonly id: string
}

const rows = (db: Db, { kind, parentId = '' }: Omit<Place, 'id'>) =>
  db.selectFrom('keystone_federation_records').selectAll().where('kind', '=', kind).where('parent_id', '=', parentId)

export const recordAt = (db: Db, place: Place): Promise<FederationRow | undefined> =>
  rows(db, place).where('id', '=', place.id).executeTakeFirst()

export const listRecords = (db: Db, place: Omit<Place, 'id'>): Promise<FederationRow[]> => rows(db, place).orderBy('id').execute()

/** The clouds that a user of this one may turn to, as tokens name them. */
export async function enabledServiceProviders(db: Db): Promise<object[]> {
  const providers = await listRecords(db, { kind: 'service_provider' })
  return providers.flatMap(({ id, fields_json: { enabled, auth_url, sp_url } }) => (enabled === true ? [{ id, auth_url, sp_url }] : []))
}

/** False: there is one already. */
export const insertRecord = (ctx: Context, tx: Tx, { kind, parentId = '', id }: Place, fields: object): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'keystone_federation_records', { kind, parent_id: parentId, id, fields_json: json(fields) })

export async function updateRecord(tx: Tx, { kind, parentId = '', id }: Place, fields: object): Promise<void> {
  const record = tx
    .updateTable('keystone_federation_records')
    .set({ fields_json: json(fields) })
    .where('kind', '=', kind)
  await record.where('parent_id', '=', parentId).where('id', '=', id).execute()
}

export async function deleteRecord(tx: Tx, { kind, parentId = '', id }: Place): Promise<void> {
  await tx
    .deleteFrom('keystone_federation_records')
    .where('kind', '=', kind)
    .where('parent_id', '=', parentId)
    .where('id', '=', id)
    .execute()
}

/** Makes these the remote ids of a provider, and no others. The first that is another provider's is returned, and nothing is done. */
export async function setRemoteIds(ctx: Context, tx: Tx, providerId: string, remoteIds: readonly string[]): Promise<string | undefined> {
  await deleteRemoteIds(tx, providerId)
  for (const remote_id of new Set(remoteIds))
    if (!(await ctx.dialect.insertIfAbsent(tx, 'keystone_federation_remote_ids', { remote_id, provider_id: providerId }))) return remote_id
  return undefined
}

export async function deleteRemoteIds(tx: Tx, providerId: string): Promise<void> {
  await tx.deleteFrom('keystone_federation_remote_ids').where('provider_id', '=', providerId).execute()
}

export async function deleteProtocolsOf(tx: Tx, providerId: string): Promise<void> {
  await tx.deleteFrom('keystone_federation_records').where('kind', '=', 'protocol').where('parent_id', '=', providerId).execute()
}
