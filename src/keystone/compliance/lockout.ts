import { keyOf } from '../../kernel/http/request-key.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { changedMeanwhile } from '../refusals.ts'
import { deleteFailures, failuresOf, insertFailure } from './store.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import type { UserRow } from '../tables.ts'
import type { Compliance } from './compliance.ts'

/**
 * Whether somebody who showed this password may log in: it `isRight`, and the account is not locked. A wrong one counts in a
 * transaction of its own, since it must count although the request is refused. A right one is decided in one too: of many tries at
 * once, on whatever instances, no more than so many are told apart. While an account is locked nothing counts.
 */
export async function mayLogIn(
  ctx: RequestContext,
  { lockoutFailureAttempts: most, lockoutDuration }: Compliance,
  { user, password, isRight }: { user: UserRow; password: string; isRight: boolean },
): Promise<boolean> {
  if (most === undefined || user.options_json['ignore_lockout_failure_attempts'] === true) return isRight
  const attempt = attemptOf(ctx, password)
  return transaction(ctx, 'keystone.logins.decide', async (tx) => {
    const failures = await failuresOf(ctx, tx, user.id, lockoutDuration)
    const isOver = failures.length >= most
    if (failures.some((failure) => failure.attempt === attempt)) return false
    if (isOver && failures.some((failure) => failure.isRecent)) return false
    if (isRight || isOver) await deleteFailures(tx, user.id, failures)
    if (isRight) return true
    const number = isOver ? 1 : Math.max(0, ...failures.map((failure) => failure.number)) + 1
    if (!(await insertFailure(ctx, tx, { userId: user.id, number, attempt }))) throw changedMeanwhile()
    return false
  })
}

/** A request that is sent again under its key is the same try; another password under that key is another one. */
function attemptOf(ctx: RequestContext, password: string): string {
  const { id, fingerprint } = keyOf(ctx, Buffer.from(password))
  return ctx.vault.digest([id, fingerprint])
}
