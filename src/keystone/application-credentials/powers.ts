import { handedOn } from '../assignments/handed-on.ts'
import { hasPassed } from '../moments.ts'
import { applicationCredentialById, powersOf } from './store.ts'
import type { Subject } from '../../cloud/context.ts'
import type { NamedRef } from '../tokens/state.ts'
import type { Context } from '../../kernel/context.ts'

/** An application credential as a token that was made with it knows it. */
export interface KnownCredential {
  readonly name: string
  readonly forSubject: NonNullable<Subject['applicationCredential']>
}

/**
 * What a token of this credential may do now, of the roles that its user has in the project. Undefined when the credential is no more or is over, or
 * when its user has lost one of the roles that he handed on.
 */
export async function powersNow(
  ctx: Context,
  { id, userId, projectId }: { id: string; userId: string; projectId: string },
  held: readonly NamedRef[],
): Promise<{ credential: KnownCredential; roles: readonly NamedRef[] } | undefined> {
  const row = await applicationCredentialById(ctx.db, id)
  if (!row || row.user_id !== userId || row.project_id !== projectId) return undefined
  if (hasPassed(row.expires_at, ctx.clock.now())) return undefined
  const { roles, accessRules } = (await powersOf(ctx.db, [row.id]))(row.id)
  const handed = await handedOn(ctx.db, roles, held)
  if (!handed) return undefined
  return {
    credential: {
      name: row.name,
      forSubject: {
        id: row.id,
        unrestricted: row.unrestricted,
        ...(accessRules && { accessRules: accessRules.map(({ id, service, method, path }) => ({ id, service, method, path })) }),
      },
    },
    roles: handed,
  }
}
