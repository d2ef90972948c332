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
  /** Asks for a token more: by a token, or by the password. The session goes on with its own. */
  logIn(by?: string): Promise<Call>
  close(): void
}

/** Where log-ins go. */
export const tokensPath = '/identity/v3/auth/tokens'

/** The token that a log-in was answered with. */
export const tokenIn = ({ headers }: Call): string => String(headers['x-subject-token'])

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
  const logIn = async (by?: string) => plain('POST', tokensPath, { auth: authOf(account, by) })
  const renew = async (): Promise<Call> => {
    const answer = await logIn()
    if (answer.status === 201) token = tokenIn(answer)
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
  return { call: callerOf(ctx, { url, token: () => token, budgetMs }), logIn, close: () => clearInterval(timer) }
}

function authOf({ user, password, project }: Account, by: string | undefined): unknown {
  const domain = { id: 'default' }
  const byPassword = { methods: ['password'], password: { user: { name: user, domain, password } } }
  const identity = by === undefined ? byPassword : { methods: ['token'], token: { id: by } }
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
