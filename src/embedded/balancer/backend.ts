import { Agent } from 'node:http'
import { connect, type Socket, type TcpNetConnectOpts } from 'node:net'
import type { BackendState, Candidate } from './choose.ts'
import type { BalancerOptions } from './options.ts'

export interface BackendAddress {
  readonly name: string
  readonly host: string
  readonly port: number
}

/** A request that a backend works on and that may be taken away from it. */
export interface Movable {
  /** Gives the request up here, to be sent elsewhere; does nothing once that is too late. */
  move(): void
}

export interface BackendCounters {
  attempts: number
  answered: number
  unreachable: number
  broken: number
  moved: number
  late: number
  malformed: number
  failedChecks: number
}

/** One instance behind the balancer, with its pooled connections. */
export interface Backend extends Candidate {
  readonly address: BackendAddress
  readonly agent: Agent
  readonly attempts: Set<Movable>
  readonly counters: BackendCounters
  state: BackendState
  failedChecks: number
  turn: number
  /** Sockets that got through to the backend: what fails on another was never sent. */
  readonly reached: WeakSet<Socket>
}

export function openBackend(address: BackendAddress, options: BalancerOptions): Backend {
  const attempts = new Set<Movable>()
  const reached = new WeakSet<Socket>()
  return {
    address,
    agent: agentTo(address, reached, options),
    attempts,
    counters: {
      attempts: 0,
      answered: 0,
      unreachable: 0,
      broken: 0,
      moved: 0,
      late: 0,
      malformed: 0,
      failedChecks: 0,
    },
    state: 'starting',
    failedChecks: 0,
    turn: 0,
    reached,
    get inFlight() {
      return attempts.size
    },
  }
}

/** Closes the connections that wait for a next request: a frozen process would swallow it, a dead one costs an attempt. */
export function dropIdleConnections(backend: Backend): void {
  for (const sockets of Object.values(backend.agent.freeSockets)) {
    for (const socket of [...(sockets ?? [])]) socket.destroy()
  }
}

function agentTo({ host, port }: BackendAddress, reached: WeakSet<Socket>, options: BalancerOptions): Agent {
  const agent = new Agent({
    keepAlive: true,
    scheduling: 'lifo',
    maxFreeSockets: 256,
    timeout: options.backendIdleMs,
  })
  agent.createConnection = (wanted) => {
    const socket = connect({ ...(wanted as TcpNetConnectOpts), host, port })
    const timer = setTimeout(() => socket.destroy(new Error('connect timed out')), options.connectTimeoutMs)
    socket.once('connect', () => {
      clearTimeout(timer)
      reached.add(socket)
    })
    socket.once('close', () => clearTimeout(timer))
    return socket
  }
  return agent
}
