import type { Call } from './calls.ts'
import type { ThingName } from './things.ts'

/** What the drill knows of one thing that it asked for. Times are milliseconds of the clock that only grows. */
export interface Asked {
  readonly kind: ThingName
  readonly name: string
  readonly askedMs: number
  id?: string
  acceptedMs?: number
  /** A server's, when it is ACTIVE; all others are ready once they are accepted. */
  readyMs?: number
  /** A server's, when it is in ERROR: the cloud has given it up, and says why. */
  errorMs?: number
  /** What the server says of its ERROR. */
  errorWhy?: string
  deleteAskedMs?: number
  deleteAcceptedMs?: number
  goneMs?: number
  /** The port that a floating IP leads to. */
  port?: Asked
}

/** A request that was sent again with the same key, after its first answer. */
export interface Repeat {
  readonly first: Call
  readonly again: Call
}

/** Which services the cloud said are down, at one moment. */
export interface Look {
  readonly atMs: number
  readonly down: readonly ServiceName[]
}

/** A service as the cloud lists it: `nova-compute` on a host, `nova-conductor` on a controller. */
export interface ServiceName {
  readonly program: string
  readonly host: string
}

/** Everything that clients asked for and got, in the order of time: what the verdict is made from. */
export interface Ledger {
  readonly asked: Asked[]
  readonly calls: Call[]
  readonly repeats: Repeat[]
  readonly looks: Look[]
  keep(call: Call): Call
}

export function openLedger(): Ledger {
  const calls: Call[] = []
  return {
    asked: [],
    calls,
    repeats: [],
    looks: [],
    keep(call) {
      calls.push(call)
      return call
    },
  }
}

/** When the cloud was done with building it, well or not. */
export const builtMs = ({ readyMs, errorMs }: Asked): number | undefined => readyMs ?? errorMs

/** Whether the cloud still has work to do for it. */
export const isPending = (one: Asked): boolean =>
  (one.acceptedMs !== undefined && builtMs(one) === undefined && one.deleteAcceptedMs === undefined) ||
  (one.deleteAcceptedMs !== undefined && one.goneMs === undefined)
