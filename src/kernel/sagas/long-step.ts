import { againAndAgain } from '../again-and-again.ts'
import { forWork, type Context } from '../context.ts'
import { transaction } from '../sql/transaction.ts'
import { Stale, workOf, type Engine } from './engine.ts'
import { stepForward } from './progress.ts'
import { renewClaim } from './store.ts'
import type { LongStep } from './saga.ts'
import type { SagaRow } from './tables.ts'

/** How often the claim is renewed, in milliseconds, and how long it then lasts, in seconds: so long a dead worker's work waits. */
const renewMs = 2000
const claimSeconds = 8

/** Does a long step under a claim that is kept alive, and keeps its result. Throws `Stale` when somebody else has the saga. */
export async function actLong(ctx: Context, engine: Engine, row: SagaRow, step: LongStep<any>): Promise<SagaRow> {
  const lost = new AbortController()
  const claim = againAndAgain(ctx, renewMs, async () => {
    if (!lost.signal.aborted && !(await stillHeld(ctx, row))) lost.abort(new Stale(row))
  })
  let result: unknown
  try {
    const signals = engine.stopping ? [lost.signal, engine.stopping] : [lost.signal]
    result = await step.act(ctx, workOf(row), AbortSignal.any(signals))
  } catch (error) {
    // What fails because it was told to stop is no failure of the step.
    throw lost.signal.aborted ? lost.signal.reason : error
  } finally {
    await claim.stop()
  }
  // The act may have taken longer than one waits for a database.
  const fresh = forWork(ctx, ctx.requestId)
  return transaction(fresh, `${row.kind}: ${step.name}`, async (tx) => stepForward(fresh, tx, engine, row, result))
}

/** While the database does not answer nobody else can claim the saga either, so the claim counts as held. */
async function stillHeld(ctx: Context, row: SagaRow): Promise<boolean> {
  try {
    return await renewClaim(ctx, row, claimSeconds)
  } catch (error) {
    ctx.log.debug({ reason: (error as Error).message }, 'a claim can not be renewed')
    return true
  }
}
