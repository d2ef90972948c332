import { againAndAgain, type Background } from '../kernel/again-and-again.ts'
import type { Context } from '../kernel/context.ts'
import type { HealthCheck } from '../kernel/http/health.ts'

/** Together less than two seconds: so soon is an instance that lost the database out of rotation. */
const everyMs = 250
const answerMs = 1000
const peerAnswerMs = 500

export interface DatabaseWatch extends Background {
  /** What it saw last, without asking again. */
  readonly check: HealthCheck
  /** Why this instance can't serve while others can. */
  ails(): string | undefined
}

/**
 * Looks again and again whether this instance reaches the database. Where it does not and a peer does, the fault is its own and
 * requests go to the others; what all have lost is waited for, in rotation.
 * @param peers where the other instances are: http://10.0.0.12:7771
 */
export function watchDatabase(ctx: Context, peers: readonly string[]): DatabaseWatch {
  let seen = 'not asked yet'
  let ailing: string | undefined
  const looking = againAndAgain(ctx, everyMs, async () => {
    seen = await look(ctx)
    ailing = seen === 'ok' || !(await anyReaches(peers)) ? undefined : `the database: ${seen}; other instances reach it`
  })
  return { check: async () => seen, ails: () => ailing, stop: () => looking.stop() }
}

async function look(ctx: Context): Promise<string> {
  const asked = ctx.db.selectFrom('kernel_idempotency_keys').select('id').limit(1).execute()
  const late = new AbortController()
  const silence = ctx.clock.sleep(answerMs, late.signal).then(
    () => `no answer within ${answerMs} ms`,
    () => '',
  )
  try {
    return await Promise.race([asked.then(() => 'ok'), silence])
  } catch (error) {
    return (error as Error).message || 'not reachable'
  } finally {
    late.abort()
  }
}

const anyReaches = async (peers: readonly string[]): Promise<boolean> => (await Promise.all(peers.map(reaches))).some(Boolean)

async function reaches(peer: string): Promise<boolean> {
  try {
    const answer = await fetch(`${peer}/healthcheck?detail`, { signal: AbortSignal.timeout(peerAnswerMs) })
    const { checks } = (await answer.json()) as { checks?: Record<string, string> }
    return checks?.['database'] === 'ok'
  } catch {
    return false
  }
}
