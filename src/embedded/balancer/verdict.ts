import type { BackendState } from './choose.ts'

/** What one check found: `silent` is no answer in time, the sign of a frozen process; `failed` is any other wrong answer. */
export type Verdict = 'ok' | 'draining' | 'failed' | 'silent'

export interface Judgement {
  readonly state: BackendState
  readonly failedChecks: number
  /** Whether the requests that it holds are to be sent elsewhere now. */
  readonly moveRequests: boolean
}

/**
 * What a check's verdict makes of a backend. Requests move only off a silent one: a backend that refuses connections either is
 * dead, and the kernel has reset its requests, or drains with its listener closed, and will still answer them.
 */
export function judge(before: { state: BackendState; failedChecks: number }, verdict: Verdict, fall: number): Judgement {
  const leaving = before.state === 'leaving'
  if (verdict === 'ok') return { state: leaving ? 'leaving' : 'up', failedChecks: 0, moveRequests: false }
  if (verdict === 'draining') return { state: leaving ? 'leaving' : 'draining', failedChecks: 0, moveRequests: false }
  const failedChecks = before.failedChecks + 1
  const fallen = failedChecks >= fall
  return {
    state: fallen && !leaving ? 'down' : before.state,
    failedChecks,
    moveRequests: fallen && verdict === 'silent',
  }
}

/** Reads the answer to a check. 404 means draining, as it does to HAProxy; so does a 503 whose JSON says so. */
export function verdictOf(status: number, body: string): Verdict {
  if (status === 200) return 'ok'
  if (status === 404) return 'draining'
  return status === 503 && saysDraining(body) ? 'draining' : 'failed'
}

function saysDraining(body: string): boolean {
  try {
    const answer: unknown = JSON.parse(body)
    if (typeof answer !== 'object' || answer === null) return false
    return ('draining' in answer && answer.draining === true) || ('status' in answer && answer.status === 'draining')
  } catch {
    return false
  }
}
