/** What the choice looks at. */
export interface Candidate {
  readonly state: BackendState
  /** Requests that it works on now. */
  readonly inFlight: number
  /** When it was last chosen, as a number that grows with every choice. */
  readonly turn: number
}

/**
 * `starting`: not checked yet · `up`: takes requests · `draining`: finishes what it has · `down`: failed its checks or could not
 * be reached · `leaving`: no longer wanted, finishes what it has.
 */
export type BackendState = 'starting' | 'up' | 'draining' | 'down' | 'leaving'

/**
 * The backend with the fewest requests in flight, the longest idle first among equals. One that this request has tried
 * already is chosen only if there is no other; none that isn't up is ever chosen.
 */
export function choose<B extends Candidate>(backends: Iterable<B>, tried?: ReadonlySet<B>): B | undefined {
  let fresh: B | undefined
  let again: B | undefined
  for (const backend of backends) {
    if (backend.state !== 'up') continue
    if (tried?.has(backend)) again = better(backend, again)
    else fresh = better(backend, fresh)
  }
  return fresh ?? again
}

function better<B extends Candidate>(one: B, other: B | undefined): B {
  if (!other || one.inFlight < other.inFlight) return one
  return one.inFlight === other.inFlight && one.turn < other.turn ? one : other
}
