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
  /** Repeats with a key of their own that it answers otherwise than the first time. */
  unlike: number
  /** Good tokens that it answers 401 to. */
  denied: number
  /** Times that it says a host is down, to two looks in a row. */
  silenced: number
}

export interface LyingFront {
  readonly url: string
  readonly lies: Lies
  close(): Promise<void>
}

/** A balancer before a real cloud that lies now and then. */
export async function startLyingFront(cloudUrl: string): Promise<LyingFront> {
  const lies: Lies = { unbuilt: 0, builtTwice: 0, kept: 0, unlike: 0, denied: 0, silenced: 0 }
  let [servers, ports, images, looks] = [0, 0, 0, 0]
  const answered = new Set<string>()
  const server = createServer((incoming, response) => void serve(incoming, response))
  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming)
    const asked = `${incoming.method} ${incoming.url}`
    const key = incoming.headers['idempotency-key']
    const json = (status: number, answer: unknown) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    if (typeof key === 'string') {
      if (answered.has(key) && lies.unlike < 2) {
        lies.unlike++
        return json(202, { server: { id: randomUUID() } })
      }
      answered.add(key)
    }
    if (asked === 'GET /image/v2/images' && ++images % 5 === 0) {
      lies.denied++
      return json(401, { error: { code: 401 } })
    }
    if (asked === 'GET /compute/v2.1/os-services' && ++looks >= 20 && looks % 20 < 2) {
      if (looks % 20 === 0) lies.silenced++
      return json(200, { services: [{ binary: 'nova-compute', host: 'compute-1', state: 'down' }] })
    }
    if (asked === 'POST /compute/v2.1/servers' && key === undefined) {
      servers++
      if (servers % 6 === 0) {
        lies.unbuilt++
        return json(202, { server: { id: randomUUID() } })
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
