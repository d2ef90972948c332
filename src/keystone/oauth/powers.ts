import { handedOn } from '../assignments/handed-on.ts'
import { hasPassed } from '../moments.ts'
import { accessTokenById } from './store.ts'
import type { NamedRef } from '../tokens/state.ts'
import type { Context } from '../../kernel/context.ts'

/** An access token as a token that was made with it knows it. */
export interface KnownAccess {
  readonly id: string
  readonly consumerId: string
}

/** What a token of this access token may do now, of the roles that its user has in the project; undefined when the access token is no more or is over. */
export async function accessPowers(
  ctx: Context,
  { id, userId, projectId }: { id: string; userId: string; projectId: string },
  held: readonly NamedRef[],
): Promise<{ access: KnownAccess; roles: readonly NamedRef[] } | undefined> {
  const row = await accessTokenById(ctx.db, id)
  if (!row || row.user_id !== userId || row.project_id !== projectId || hasPassed(row.expires_at, ctx.clock.now())) return undefined
  const roles = await handedOn(
    ctx.db,
    row.role_ids_json.map((role) => ({ id: role })),
    held,
  )
  return roles && { access: { id, consumerId: row.consumer_id }, roles }
}
