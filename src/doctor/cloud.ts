import { readFileSync } from 'node:fs'
import { X509Certificate } from 'node:crypto'
import { connect } from 'node:tls'
import { call } from '../embedded/call.ts'
import { cloudStatus } from '../embedded/status.ts'
import { processOf, readRoster } from '../embedded/supervisor/roster.ts'
import { type Check, failing, type Finding, type Patient, warning } from './check.ts'

interface Peer {
  readonly name: string
  readonly address: string
}

function peersOf({ dir, peers }: Patient): Peer[] {
  // What does not live is told of as a process.
  const alive = (readRoster(dir)?.processes ?? []).filter((entry) => entry.name.startsWith('controller') && processOf(entry))
  const own = alive.flatMap(({ name, ports }) => (ports[''] ? [{ name, address: `127.0.0.1:${ports['']}` }] : []))
  return [...own, ...peers.map((address) => ({ name: `The controller at ${address}`, address }))]
}

async function lookAt({ name, address }: Peer): Promise<Finding[]> {
  const answer = await call(`http://${address}/healthcheck?detail`, { timeoutMs: 3_000 }).catch((error: NodeJS.ErrnoException) => error)
  if (answer instanceof Error)
    return [failing(`${name} does not answer: ${answer.message}`, 'See whether it runs, or is frozen: `skykeel status`, `skykeel logs`.')]
  if (answer.status === 404) return [warning(`${name} drains: it takes no new requests`, 'It ends soon; start it again if it should not.')]
  const { checks = {} } = (answer.body ?? {}) as { checks?: Record<string, string> }
  return Object.entries(checks)
    .filter(([, said]) => said !== 'ok')
    .map(([part, said]) => warning(`${name} says of its ${part}: ${said}`, `Mend its ${part} first.`))
}

const day = 86_400_000

/** What is to be said of a certificate that ends at this time. */
export function judgeExpiry(whose: string, validTo: Date, now: Date): Finding[] {
  const days = Math.floor((validTo.getTime() - now.getTime()) / day)
  if (days >= 30) return []
  const problem = days < 0 ? `The certificate of ${whose} has expired` : `The certificate of ${whose} expires in ${days} days`
  return [(days < 7 ? failing : warning)(problem, 'Renew it, and let those who serve with it read it again.')]
}

const frontCertificate = async (url: string): Promise<Date> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const socket = connect({ host: hostname, port: Number(port || 443), servername: hostname, rejectUnauthorized: false, timeout: 3_000 })
    const end = (settle: () => void) => {
      socket.destroy()
      settle()
    }
    socket.on('secureConnect', () => end(() => resolve(new Date(socket.getPeerCertificate().valid_to))))
    socket.on('error', (error) => end(() => reject(error)))
    socket.on('timeout', () => end(() => reject(new Error('no answer'))))
  })

/** What the cloud's own processes, and the way to them, must be like. */
export const cloudChecks: readonly Check[] = [
  {
    id: 'processes',
    about: 'the processes of the cloud on this machine',
    async run({ dir }) {
      if (!readRoster(dir)) return undefined
      const { processes, ready, auth_url: url } = await cloudStatus(dir)
      const asleep = processes.filter(({ state }) => state !== 'running')
      if (asleep.length === processes.length) return [warning('The cloud is stopped', 'Start it with `skykeel up`.')]
      if (asleep.length > 0) return asleep.map(({ name, state }) => failing(`${name} is ${state}`, `See \`skykeel logs ${name}\`.`))
      return ready ? [] : [failing(`The cloud does not answer at ${url}`, 'See `skykeel logs balancer`.')]
    },
  },
  {
    id: 'controllers',
    about: 'what each controller says of its health',
    async run(patient) {
      const peers = peersOf(patient)
      return peers.length === 0 ? undefined : (await Promise.all(peers.map(lookAt))).flat()
    },
  },
  {
    id: 'certificates',
    about: 'when certificates expire',
    async run({ certificates, frontUrl, clock }) {
      const front = frontUrl?.startsWith('https:') ? frontUrl : undefined
      if (certificates.length === 0 && !front) return undefined
      const files = certificates.flatMap((path) =>
        judgeExpiry(path, new Date(new X509Certificate(readFileSync(path)).validTo), clock.now()),
      )
      return [...files, ...(front ? judgeExpiry(front, await frontCertificate(front), clock.now()) : [])]
    },
  },
]
