import { setTimeout as pause } from 'node:timers/promises'
import type { Caller } from './calls.ts'
import type { Asked, Ledger } from './ledger.ts'

export interface LoadOptions {
  readonly call: Caller
  readonly ledger: Ledger
  readonly networkId: string
  readonly flavorId: string
  readonly imageId: string
  readonly createsPerSecond: number
  readonly readsPerSecond: number
}

export interface Load {
  /** Asks for nothing more; resolves when every request that runs has ended. */
  stop(): Promise<void>
}

/** Asks for servers, deletes them when they are there, and reads, all at a steady pace whatever the answers. */
export function startLoad(options: LoadOptions): Load {
  const { call, ledger } = options
  const stopping = new AbortController()
  const running = new Set<Promise<unknown>>()
  const steadily = async (perSecond: number, act: (turn: number) => Promise<unknown> | undefined) => {
    const started = performance.now()
    for (let turn = 0; !stopping.signal.aborted; turn++) {
      const work = act(turn)
      if (work) {
        running.add(work)
        void work.finally(() => running.delete(work))
      }
      const nextMs = started + ((turn + 1) * 1000) / perSecond
      await pause(Math.max(0, nextMs - performance.now()), undefined, { signal: stopping.signal }).catch(() => {})
    }
  }
  const create = async (turn: number) => {
    const server: Asked = { name: `drill-${turn}`, askedMs: performance.now() }
    ledger.asked.push(server)
    const body = {
      server: { name: server.name, flavorRef: options.flavorId, imageRef: options.imageId, networks: [{ uuid: options.networkId }] },
    }
    const answer = ledger.keep(await call('POST', '/compute/v2.1/servers', body))
    if (answer.status === 202) Object.assign(server, { id: answer.body.server.id, acceptedMs: answer.endedMs })
  }
  const removeOne = () => {
    const server = ledger.asked.find((one) => one.activeMs !== undefined && one.deleteAskedMs === undefined)
    return server && remove(server)
  }
  const remove = async (server: Asked) => {
    server.deleteAskedMs = performance.now()
    const answer = ledger.keep(await call('DELETE', `/compute/v2.1/servers/${server.id}`))
    if (answer.status === 204) server.deleteAcceptedMs = answer.endedMs
  }
  const reads = [
    '/compute/v2.1/servers?limit=5',
    '/networking/v2.0/networks',
    '/image/v2/images',
    '/compute/v2.1/flavors',
    '/identity/v3/auth/catalog',
  ]
  const read = async (turn: number) => ledger.keep(await call('GET', reads[turn % reads.length]!))
  // Deletes have twice the turns, so that they keep up with creates after a pause.
  const loops = [
    steadily(options.createsPerSecond, create),
    steadily(options.createsPerSecond * 2, removeOne),
    steadily(options.readsPerSecond, read),
  ]
  return {
    async stop() {
      stopping.abort()
      await Promise.all(loops)
      await Promise.all(running)
    },
  }
}

/** Looks at the servers again and again and writes into the ledger when each became ACTIVE or went away. */
export function startWatching({ call, ledger }: Pick<LoadOptions, 'call' | 'ledger'>): Load {
  const stopping = new AbortController()
  const look = async () => {
    const askedMs = performance.now()
    const answer = await call('GET', '/compute/v2.1/servers/detail?limit=1000')
    if (answer.status !== 200) return
    const states = new Map((answer.body.servers as { id: string; status: string }[]).map((server) => [server.id, server.status]))
    for (const server of ledger.asked) {
      if (server.id === undefined || server.goneMs !== undefined) continue
      const state = states.get(server.id)
      if (state === 'ACTIVE') server.activeMs ??= answer.endedMs
      if (state === undefined && server.deleteAcceptedMs !== undefined && server.deleteAcceptedMs < askedMs) server.goneMs = answer.endedMs
    }
  }
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await look()
      await pause(50)
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await loop
    },
  }
}
