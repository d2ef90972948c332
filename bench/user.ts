import { until } from '../test/helpers/until.ts'

/** A logged-in user, as a bench needs one. */
export interface User {
  readonly token: string
  readonly projectId: string
  call(method: string, path: string, body?: unknown, more?: Record<string, string>): Promise<any>
}

/** Logs in for a project, the one of the user's name unless said; calls throw on any status of 400 and more. */
export async function logIn(url: string, name: string, password: string, project: string = name): Promise<User> {
  const domain = { id: 'default' }
  const identity = { methods: ['password'], password: { user: { name, domain, password } } }
  const body = JSON.stringify({ auth: { identity, scope: { project: { name: project, domain } } } })
  const answer = await fetch(`${url}/identity/v3/auth/tokens`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  if (!answer.ok) throw new Error(`log-in answers ${answer.status}`)
  const token = answer.headers.get('x-subject-token')!
  const { token: said } = (await answer.json()) as { token: { project: { id: string } } }
  const call: User['call'] = async (method, path, content, more) => {
    const headers = { 'x-auth-token': token, 'content-type': 'application/json', ...more }
    const response = await fetch(url + path, { method, headers, ...(content !== undefined && { body: JSON.stringify(content) }) })
    const text = await response.text()
    if (response.status >= 400) throw new Error(`${method} ${path} answers ${response.status}: ${text.slice(0, 300)}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  return { token, projectId: said.project.id, call }
}

/** Lifts the limits of a project and makes a network wide enough for thousands of servers. Returns what a server needs. */
export async function makeRoom(admin: User, user: User): Promise<(name: string) => { server: object }> {
  await admin.call('PUT', `/compute/v2.1/os-quota-sets/${user.projectId}`, { quota_set: { instances: -1, cores: -1, ram: -1 } })
  await admin.call('PUT', `/networking/v2.0/quotas/${user.projectId}`, { quota: { port: -1 } })
  const { network } = await user.call('POST', '/networking/v2.0/networks', { network: { name: 'wide' } })
  await user.call('POST', '/networking/v2.0/subnets', { subnet: { network_id: network.id, ip_version: 4, cidr: '10.192.0.0/12' } })
  const { images } = await user.call('GET', '/image/v2/images')
  return (name) => ({ server: { name, flavorRef: '42', imageRef: images[0].id, networks: [{ uuid: network.id }] } })
}

/** Creates a server and waits until it is ACTIVE. Returns its id and how long that took, in milliseconds. */
export async function createActive(user: User, body: object): Promise<{ id: string; ms: number }> {
  const started = performance.now()
  const { server } = await user.call('POST', '/compute/v2.1/servers', body)
  await until(
    async () => {
      const { server: now } = await user.call('GET', `/compute/v2.1/servers/${server.id}`)
      if (now.status === 'ERROR') throw new Error(`${server.id} is in ERROR: ${JSON.stringify(now.fault)}`)
      return now.status === 'ACTIVE'
    },
    { what: `${server.id} to be ACTIVE`, everyMs: 5, timeoutMs: 30_000 },
  )
  return { id: server.id, ms: performance.now() - started }
}
