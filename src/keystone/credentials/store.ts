import '../tables.ts'
import { equalTo, paged, type Page } from '../lists.ts'
import { json, type Db, type Tx } from '../../kernel/sql/tables.ts'
import type { Context } from '../../kernel/context.ts'
import type { CredentialRow } from '../tables.ts'

export const credentialById = (db: Db, id: string): Promise<CredentialRow | undefined> =>
  db.selectFrom('keystone_credentials').selectAll().where('id', '=', id).executeTakeFirst()

export interface CredentialFilters extends Page {
  readonly user_id?: string
  readonly type?: string
}

export const listCredentials = (db: Db, { user_id, type, ...page }: CredentialFilters): Promise<CredentialRow[]> =>
  paged(equalTo(db.selectFrom('keystone_credentials').selectAll(), { user_id, type }), page).execute()

export interface NewCredential {
  readonly id: string
  readonly userId: string
  readonly projectId: string | null
  readonly type: string
  /** The secret; sealed before it is stored. */
  readonly blob: string
  readonly extra?: object
}

/** False: there is a credential of this id. */
export const insertCredential = (ctx: Context, tx: Tx, credential: NewCredential): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'keystone_credentials', {
    id: credential.id,
    user_id: credential.userId,
    project_id: credential.projectId,
    type: credential.type,
    sealed_blob: ctx.vault.seal(credential.blob),
    extra_json: json(credential.extra ?? {}),
  })

export interface CredentialChange {
  readonly type?: string
  readonly user_id?: string
  readonly project_id?: string | null
  readonly sealed_blob?: Buffer
  readonly extra_json?: string
}

export async function updateCredential(tx: Tx, id: string, change: CredentialChange): Promise<void> {
  if (Object.keys(change).length > 0) await tx.updateTable('keystone_credentials').set(change).where('id', '=', id).execute()
}

export async function deleteCredential(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('keystone_credentials').where('id', '=', id).execute()
}
