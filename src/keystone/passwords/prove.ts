import { unauthenticated } from '../../kernel/errors.ts'
import { isInactive, markActive } from '../compliance/inactive.ts'
import { mayLogIn } from '../compliance/lockout.ts'
import { userById } from '../users/store.ts'
import { verifyPassword } from './hash.ts'
import type { Compliance } from '../compliance/compliance.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { UserRow } from '../tables.ts'

/** One sentence for every failure: it must not tell which part was wrong, nor that an account is locked. */
export const authenticationFailed = () => unauthenticated('The request you have made requires authentication.')

/** The user as he is now, if this is his password and his account may be used. Takes as long where there is no such user. */
export async function userByPassword(
  ctx: RequestContext,
  asked: Compliance,
  { user, password }: { user: UserRow | undefined; password: string },
): Promise<UserRow> {
  const isRight = await verifyPassword(password, user?.password_hash)
  if (!user || !(await mayLogIn(ctx, asked, { user, password, isRight }))) throw authenticationFailed()
  // The hash took its time: what was true of the user before need not be now.
  const now = await userById(ctx.db, user.id)
  if (!now?.enabled || now.password_hash !== user.password_hash || isInactive(ctx, asked, now)) throw authenticationFailed()
  await markActive(ctx, asked, now)
  return now
}
