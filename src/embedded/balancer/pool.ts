import { openBackend, type Backend, type BackendAddress } from './backend.ts'
import { markUnreachable, watch, type Watch } from './checks.ts'
import { choose } from './choose.ts'
import type { Balancing, BalancerOptions } from './options.ts'

/** The backends, each under watch, and the requests that wait for one. */
export interface Pool {
  /** Every backend that is wanted, and those that leave but still work. */
  backends(): Iterable<Backend>
  /** Makes these the wanted backends; ones that are known stay as they are, ones that are gone finish what they have. */
  setBackends(addresses: readonly BackendAddress[]): void
  /** Picks the backend for a request, or none if none is up. */
  pick(tried: ReadonlySet<Backend> | undefined): Backend | undefined
  /** Calls back once, when a backend has come up (true) or `withinMs` have passed (false). Returns how to stop waiting. */
  whenUp(withinMs: number, tell: (up: boolean) => void): () => void
  /** Tells the pool that a connection to this backend failed. */
  unreachable(backend: Backend): void
  /** Tells the pool that a request left this backend. */
  released(backend: Backend): void
  waiting(): number
  close(): void
}

export function openPool(ctx: Balancing, options: BalancerOptions): Pool {
  const watches = new Map<Backend, Watch>()
  const waiters = new Set<(up: boolean) => void>()
  let turn = 0

  const wake = () => {
    if (!choose(watches.keys())) return
    for (const tell of [...waiters]) tell(true)
  }
  const add = (address: BackendAddress) => {
    const backend = openBackend(address, options)
    watches.set(backend, watch(ctx, backend, options, wake))
  }
  const drop = (backend: Backend) => {
    watches.get(backend)?.stop()
    watches.delete(backend)
    backend.agent.destroy()
  }

  return {
    backends: () => watches.keys(),
    setBackends: (addresses) => {
      const wanted = new Map(addresses.map((address) => [keyOf(address), address]))
      for (const backend of [...watches.keys()]) {
        if (backend.state === 'leaving') continue
        if (wanted.delete(keyOf(backend.address))) continue
        backend.state = 'leaving'
        if (backend.inFlight === 0) drop(backend)
      }
      for (const address of wanted.values()) add(address)
    },
    pick: (tried) => {
      const backend = choose(watches.keys(), tried)
      if (backend) backend.turn = ++turn
      return backend
    },
    whenUp: (withinMs, tell) => {
      const stop = () => {
        clearTimeout(timer)
        waiters.delete(once)
      }
      const once = (up: boolean) => {
        stop()
        tell(up)
      }
      const timer = setTimeout(once, withinMs, false)
      waiters.add(once)
      return stop
    },
    unreachable: (backend) => {
      markUnreachable(ctx, backend)
      watches.get(backend)?.hurry()
    },
    released: (backend) => {
      if (backend.state === 'leaving' && backend.inFlight === 0) drop(backend)
    },
    waiting: () => waiters.size,
    close: () => {
      for (const backend of [...watches.keys()]) drop(backend)
      for (const tell of [...waiters]) tell(false)
    },
  }
}

const keyOf = ({ name, host, port }: BackendAddress) => `${name} ${host} ${port}`
