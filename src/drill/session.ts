import type { Clock } from '../kernel/clock.ts'
import { StartupError } from '../config/startup-error.ts'
import { callerOf, type Call, type Caller } from './calls.ts'

export interface Account {
  readonly user: string
  readonly password: string
  readonly project: string
}

export interface Session {
  readonly call: Caller
  close(): void
}

/** Tokens last an hour; a drill may last longer. */
const renewEveryMs = 20 * 60_000

/** Where the paths of all services begin, seen from the identity service's own URL. */
export const rootOf = (authUrl: string): string => authUrl.replace(/\/identity(\/v3)?\/?$/, '')

/** Logs somebody in, and again before the token expires. Throws a StartupError when that is refused. */
export async function openSession(
  ctx: { clock: Clock },
  { authUrl, budgetMs, ...account }: Account & { authUrl: string; budgetMs: number },
): Promise<Session> {
  const url = rootOf(authUrl)
  let token = ''
  const plain = callerOf(ctx, { url, token: () => '', budgetMs })
  const renew = async (): Promise<Call> => {
    const answer = await plain('POST', '/identity/v3/auth/tokens', { auth: authOf(account) })
    if (answer.status === 201) token = String(answer.headers['x-subject-token'])
    return answer
  }
  const first = await renew()
  if (first.status !== 201)
    throw new StartupError(
      `${account.user} can't log in at ${authUrl}: ${problemOf(first)}`,
      'See `skykeel status`: the cloud must be READY.',
    )
  // Should one fail because of a blow, the next one is in time.
  const timer = setInterval(() => void renew(), renewEveryMs)
  return { call: callerOf(ctx, { url, token: () => token, budgetMs }), close: () => clearInterval(timer) }
}

function authOf({ user, password, project }: Account): unknown {
  const domain = { id: 'default' }
  const identity = { methods: ['password'], password: { user: { name: user, domain, password } } }
  return { identity, scope: { project: { name: project, domain } } }
}

/** What went wrong with a request, in a few words. */
export const problemOf = ({ status, body }: Call): string =>
  status === 0 ? String(body) : `${status} ${(typeof body === 'string' ? body : (JSON.stringify(body) ?? '')).slice(0, 200)}`

/** Sends a request that must succeed, and gives the body of its answer. Throws a StartupError otherwise. */
export async function must(call: Caller, method: string, path: string, body?: unknown): Promise<any> {
  const answer = await call(method, path, body)
  if (answer.status === 0 || answer.status >= 400)
    throw new StartupError(`${method} ${path} fails: ${problemOf(answer)}`, 'See `skykeel status` and `skykeel logs`.')
  return answer.body
}
