import { StartupError } from '../config/startup-error.ts'
import { type CallAnswer, call } from './call.ts'

/**
 * Uses the cloud as a user would: a token by password, then a list of servers. Resolves with what could not be looked at. Throws a StartupError
 * that says what went wrong.
 */
export async function verifyCloud({
  authUrl,
  rootUrl,
  password,
}: {
  authUrl: string
  rootUrl: string
  password: string
}): Promise<string | undefined> {
  const user = { name: 'demo', domain: { id: 'default' }, password }
  const scope = { project: { name: 'demo', domain: { id: 'default' } } }
  const auth = { identity: { methods: ['password'], password: { user } }, scope }
  const login = await call(`${authUrl}/auth/tokens`, { method: 'POST', body: { auth } }).catch(unreachable)
  // Somebody changed it, which is their right; the cloud gave the right answer.
  if (login.status === 401) return 'user demo has another password by now, so that no server list could be tried.'
  if (login.status !== 201) throw refused('gives no token', login)
  const token = String(login.headers['x-subject-token'])
  const list = await call(`${rootUrl}/compute/v2.1/servers`, { headers: { 'x-auth-token': token } }).catch(unreachable)
  if (list.status !== 200) throw refused('does not list servers', list)
  return undefined
}

const refused = (what: string, { status, body }: CallAnswer): StartupError =>
  new StartupError(
    `The cloud runs but ${what}: it answers ${status} ${JSON.stringify(body).slice(0, 300)}`,
    'The logs tell more: `skykeel logs`.',
  )

function unreachable(error: Error): never {
  throw new StartupError(`The cloud does not answer: ${error.message}`, 'The logs tell more: `skykeel logs`.', { cause: error })
}
