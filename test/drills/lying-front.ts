import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How often a front lies, in each of the ways that a control plane without transactions and keys does. */
export interface Lies {
  /** Servers that it answers 202 for, and does nothing. */
  unbuilt: number
  /** Servers that it asks for twice. */
  builtTwice: number
  /** Ports that it answers 204 for, and does not delete; two at most, so that a drill can clear up behind it. */
  kept: number
}

export interface LyingFront {
  readonly url: string
  readonly lies: Lies
  close(): Promise<void>
}

/** A balancer before a real cloud that lies now and then. */
export async function startLyingFront(cloudUrl: string): Promise<LyingFront> {
  const lies: Lies = { unbuilt: 0, builtTwice: 0, kept: 0 }
  let [servers, ports] = [0, 0]
  const server = createServer((incoming, response) => void serve(incoming, response))
  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming)
    const asked = `${incoming.method} ${incoming.url}`
    if (asked === 'POST /compute/v2.1/servers') {
      servers++
      if (servers % 6 === 0) {
        lies.unbuilt++
        return void response.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify({ server: { id: randomUUID() } }))
      }
      if (servers % 6 === 3) {
        lies.builtTwice++
        pass(incoming, body).on('response', (first) => first.resume())
      }
    }
    if (asked.startsWith('DELETE /networking/v2.0/ports/') && ++ports % 2 === 1 && lies.kept < 2) {
      lies.kept++
      return void response.writeHead(204).end()
    }
    pass(incoming, body)
      .on('response', (answer) => answer.pipe(response.writeHead(answer.statusCode!, answer.headers)))
      .on('error', () => response.destroy())
  }
  const pass = ({ method, url, headers }: IncomingMessage, body: Buffer) => {
    const outgoing = request(cloudUrl + url, { method, headers, agent: false })
    outgoing.on('error', () => {}).end(body)
    return outgoing
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lies,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
