import type { Call } from './calls.ts'

/** What the drill knows of one server that a client asked for. */
export interface Asked {
  readonly name: string
  readonly askedMs: number
  id?: string
  acceptedMs?: number
  activeMs?: number
  deleteAskedMs?: number
  deleteAcceptedMs?: number
  goneMs?: number
}

/** Everything that clients asked for and got, in the order of time: what the verdict is made from. */
export interface Ledger {
  readonly asked: Asked[]
  readonly calls: Call[]
  keep(call: Call): Call
}

export function openLedger(): Ledger {
  const calls: Call[] = []
  return {
    asked: [],
    calls,
    keep(call) {
      calls.push(call)
      return call
    },
  }
}

/** Whether the cloud still has work to do for it. */
export const isPending = (server: Asked): boolean =>
  (server.acceptedMs !== undefined && server.activeMs === undefined && server.deleteAcceptedMs === undefined) ||
  (server.deleteAcceptedMs !== undefined && server.goneMs === undefined)
