import { createServer, get, type Server } from 'node:http'
import { once } from 'node:events'
import type { GaleraControl } from './control.ts'
import type { NodeReport } from './decide.ts'

const answerTimeoutMs = 1500

/** What each other node's keeper says; undefined for one that doesn't answer. */
export async function askPeers({ peers, checkPort }: GaleraControl): Promise<Record<string, NodeReport | undefined>> {
  return Object.fromEntries(
    await Promise.all(peers.map(async ({ name, address }) => [name, await ask(`http://${address}:${checkPort}/state`)])),
  )
}

function ask(url: string): Promise<NodeReport | undefined> {
  return new Promise((resolve) => {
    const none = () => resolve(undefined)
    get(url, { agent: false, timeout: answerTimeoutMs, signal: AbortSignal.timeout(answerTimeoutMs) }, (incoming) => {
      let text = ''
      incoming.setEncoding('utf8').on('data', (part: string) => (text += part))
      incoming.on('error', none).on('end', () => {
        try {
          resolve(JSON.parse(text) as NodeReport)
        } catch {
          none()
        }
      })
    }).on('error', none)
  })
}

/** Tells everybody how the node is: `/state` for peers, and anything else by status 200 or 503, for a load balancer's check. */
export async function tell(control: GaleraControl, report: () => NodeReport | undefined): Promise<Server> {
  const server = createServer((request, response) => {
    const now = report()
    if (request.url === '/state') return void response.setHeader('content-type', 'application/json').end(JSON.stringify(now ?? null))
    response.statusCode = now?.state === 'primary' ? 200 : 503
    response.end(`${now?.state ?? 'unknown'}\n`)
  })
  server.listen(control.checkPort, control.address)
  await once(server, 'listening')
  return server
}
