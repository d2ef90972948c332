import type { Clock, Ids } from '../clock.ts'
import type { Log } from '../log.ts'
import { batched } from './batched.ts'
import type { Kept } from './keep-open.ts'
import { deadOf } from './message-rules.ts'
import { isRefusal } from './postgres-session.ts'
import type { PostgresSession } from './postgres-session.ts'
import { bury, deleteHandled, giveBack, renewLeases } from './postgres-statements.ts'
import type { Statement } from './postgres-statements.ts'
import { pause, pauseMs } from './waiting.ts'

/** A message that this process holds. Whatever it does to it is conditional on `attempts`: after the lease somebody else may hold it. */
export interface Claim {
  readonly seq: string
  readonly attempts: number
}

/** What becomes of messages after they were claimed. */
export interface Claims {
  /** Keeps the lease alive until the claim is settled. */
  hold(claim: Claim): void
  handled(claim: Claim): Promise<void>
  giveBack(claim: Claim, afterMs: number): Promise<void>
  bury(claim: Claim, mailbox: string): Promise<void>
}

interface ClaimsOptions {
  readonly line: Kept<PostgresSession>
  readonly leaseMs: number
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly closed: AbortSignal
}

/** Starts to renew leases, three times within each. */
export function openClaims({ line, leaseMs, clock, ids, log, closed }: ClaimsOptions): Claims {
  const held = new Set<Claim>()

  async function run(statement: Statement, values: readonly unknown[]) {
    const session = await line.ready(leaseMs)
    await session.run(statement, values, leaseMs)
  }
  const columns = (claims: readonly Claim[]) => [claims.map(({ seq }) => seq), claims.map(({ attempts }) => attempts)]
  const remove = batched<Claim>(200, (claims) => run(deleteHandled, columns(claims)))

  async function renew() {
    while (await pause(clock, leaseMs / 3, closed)) {
      if (held.size === 0) continue
      await run(renewLeases, [...columns([...held]), leaseMs]).catch((error: Error) => {
        log.warn({ messages: held.size, reason: error.message }, 'leases of messages are not renewed')
      })
    }
  }
  void renew()

  /** Tells the database what became of a message; tries through a short outage, since a failure means the work is done again. */
  async function settle(claim: Claim, tell: () => Promise<void>) {
    const start = clock.monotonicMs()
    try {
      for (let attempt = 1; ; attempt++) {
        try {
          return await tell()
        } catch (error) {
          const late = clock.monotonicMs() - start > leaseMs
          if (late || isRefusal(error) || !(await pause(clock, pauseMs(ids, attempt), closed))) {
            log.warn({ seq: claim.seq, reason: (error as Error).message }, 'a message cannot be settled and will come again')
            return
          }
        }
      }
    } finally {
      held.delete(claim)
    }
  }

  return {
    hold: (claim) => void held.add(claim),
    handled: (claim) => settle(claim, () => remove(claim)),
    giveBack: (claim, afterMs) => settle(claim, () => run(giveBack, [claim.seq, claim.attempts, Math.ceil(afterMs)])),
    bury: (claim, mailbox) => settle(claim, () => run(bury, [claim.seq, claim.attempts, deadOf(mailbox)])),
  }
}
