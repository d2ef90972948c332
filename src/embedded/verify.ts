import { systemClock } from '../kernel/clock.ts'
import { StartupError } from '../config/startup-error.ts'
import { type CallAnswer, call } from './call.ts'
import { eventually } from '../kernel/eventually.ts'

export interface VerifyOptions {
  readonly authUrl: string
  readonly rootUrl: string
  readonly password: string
  /** The names of the hosts that the cloud's agents have. */
  readonly hosts: readonly string[]
}

// A fresh queue of RabbitMQ alone takes a second until it can carry a host's first report.
const hostsTimeoutMs = 30_000

/**
 * Uses the cloud as its admin would: a token by password, a list of servers, and hosts that are there to build on. Resolves with what could not
 * be looked at. Throws a StartupError that says what went wrong.
 */
export async function verifyCloud({ authUrl, rootUrl, password, hosts }: VerifyOptions): Promise<string | undefined> {
  const user = { name: 'admin', domain: { id: 'default' }, password }
  const scope = { project: { name: 'admin', domain: { id: 'default' } } }
  const auth = { identity: { methods: ['password'], password: { user } }, scope }
  const login = await call(`${authUrl}/auth/tokens`, { method: 'POST', body: { auth } }).catch(unreachable)
  // Somebody changed it, which is their right; the cloud gave the right answer.
  if (login.status === 401) return 'user admin has another password by now, so that neither servers nor hosts could be looked at.'
  if (login.status !== 201) throw refused('gives no token', login)
  const headers = { 'x-auth-token': String(login.headers['x-subject-token']), 'openstack-api-version': 'compute 2.11' }
  const compute = (path: string) => call(`${rootUrl}/compute/v2.1${path}`, { headers }).catch(unreachable)
  const list = await compute('/servers')
  if (list.status !== 200) throw refused('does not list servers', list)
  const ready = await eventually(
    { clock: systemClock },
    async () => hostsAreThere(await compute('/os-services?binary=nova-compute'), hosts),
    {
      timeoutMs: hostsTimeoutMs,
      everyMs: 50,
    },
  )
  if (!ready)
    throw new StartupError(
      `The cloud runs, but not all of its ${hosts.length} hosts have reported within ${hostsTimeoutMs / 1000} s.`,
      'See what the agent and the conductors say: `skykeel logs`.',
    )
  return undefined
}

/** Whether every host is known, and up unless somebody forced it down. */
function hostsAreThere({ status, body }: CallAnswer, hosts: readonly string[]): boolean {
  if (status !== 200) return false
  const { services } = body as { services: { host: string; state: string; forced_down: boolean }[] }
  const there = new Set(services.filter(({ state, forced_down }) => state === 'up' || forced_down).map(({ host }) => host))
  return hosts.every((host) => there.has(host))
}

const refused = (what: string, { status, body }: CallAnswer): StartupError =>
  new StartupError(
    `The cloud runs but ${what}: it answers ${status} ${JSON.stringify(body).slice(0, 300)}`,
    'The logs tell more: `skykeel logs`.',
  )

function unreachable(error: Error): never {
  throw new StartupError(`The cloud does not answer: ${error.message}`, 'The logs tell more: `skykeel logs`.', { cause: error })
}
