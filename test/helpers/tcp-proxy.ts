import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** What becomes of a piece that a client sends: it passes, is lost with its connection, or without a word, or its reply is lost, or the server is as if frozen from now on. */
export type Fate = 'pass' | 'lose' | 'swallow' | 'lose the reply' | 'freeze'

/** A wire between a program and a server, for cutting it at a chosen moment. */
export interface TcpProxy {
  readonly port: number
  /** Decides over each piece that a client sends. */
  fate: (piece: Buffer) => Fate
  /** Breaks all connections; new ones are let in. */
  cut(): void
  /** How many clients are connected. */
  clients(): number
  stop(): Promise<void>
}

/** Opens one on 127.0.0.1, on a free port unless one is given, that leads to the target. */
export async function openTcpProxy(target: number, port = 0): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    let deaf = false
    let frozen = false
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        if (socket === upstream && frozen) return
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (piece) => {
      const fate = proxy.fate(piece)
      if (fate === 'lose') return client.destroy()
      if (fate === 'freeze') frozen = true
      if (fate === 'swallow' || frozen) return
      if (fate === 'lose the reply') deaf = true
      upstream.write(piece)
    })
    // Once the server has replied it has also done what it was asked for.
    upstream.on('data', (piece) => {
      if (deaf) client.destroy()
      else if (!frozen) client.write(piece)
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    fate: () => 'pass',
    cut() {
      for (const socket of sockets) socket.destroy()
    },
    clients: () => sockets.size / 2,
    async stop() {
      proxy.cut()
      server.close()
      await once(server, 'close')
    },
  }
  return proxy
}
