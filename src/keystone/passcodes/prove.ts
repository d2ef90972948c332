import { unauthenticated } from '../../kernel/errors.ts'
import { keyOf } from '../../kernel/http/request-key.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { listCredentials } from '../credentials/store.ts'
import { takePasscode, type Passcode } from './store.ts'
import { fromBase32, stepOfPasscode } from './totp.ts'
import type { Context } from '../../kernel/context.ts'
import type { RequestContext } from '../../kernel/http/route.ts'

/** So many secrets of a user are tried, and no more. */
const maxSecrets = 100

/** Which of the user's secrets this passcode is of, by its half minute; undefined when it is of none. */
export async function passcodeFrom(ctx: Context, userId: string, passcode: string): Promise<Passcode | undefined> {
  const now = ctx.clock.now()
  for (const { sealed_blob } of await listCredentials(ctx.db, { user_id: userId, type: 'totp', limit: maxSecrets })) {
    const secret = fromBase32(ctx.vault.open(sealed_blob).toString())
    const step = secret && stepOfPasscode(secret, passcode, now)
    if (step !== undefined) return { step, passcode }
  }
  return undefined
}

/** Uses a passcode up, once for each request however often that is sent, on whatever instances. Refuses one that was used before. */
export async function usePasscode(ctx: RequestContext, userId: string, passcode: Passcode): Promise<void> {
  const { id, fingerprint } = keyOf(ctx, Buffer.from(passcode.passcode))
  const requestKey = ctx.vault.digest([id, fingerprint])
  await transaction(ctx, 'keystone.passcodes.use', async (tx) => {
    if (!(await takePasscode(ctx, tx, { ...passcode, userId, requestKey })))
      throw unauthenticated('The request you have made requires authentication.')
  })
}
