import { undocumented } from './openapi.ts'

/** What came back. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  /** Parsed when it is JSON, text otherwise. */
  readonly body: any
}

type Extra = Record<string, string>

/** Speaks HTTP as one user; never throws on a status. */
export interface Client {
  get(path: string, headers?: Extra): Promise<Reply>
  delete(path: string, headers?: Extra): Promise<Reply>
  post(path: string, body?: unknown, headers?: Extra): Promise<Reply>
  put(path: string, body?: unknown, headers?: Extra): Promise<Reply>
  patch(path: string, body?: unknown, headers?: Extra): Promise<Reply>
  request(method: string, path: string, options?: { body?: RequestInit['body']; headers?: Extra }): Promise<Response>
}

/** A client of the cloud at `url()`; `token()` is asked for each request and may be undefined. */
export function clientOf(url: () => string, token: () => Promise<string | undefined>): Client {
  const request: Client['request'] = async (method, path, { body, headers = {} } = {}) => {
    const own = await token()
    return fetch(url() + path, {
      method,
      headers: { ...(own && { 'x-auth-token': own }), ...headers },
      redirect: 'manual',
      ...(body !== undefined && { body, duplex: 'half' }),
    })
  }
  const send = async (method: string, path: string, body: unknown, headers: Extra = {}): Promise<Reply> => {
    const json = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await request(method, path, {
      ...json,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    })
    const reply = { status: response.status, headers: response.headers, body: parsed(await response.text()) }
    const wrong = undocumented(method, path, reply)
    if (wrong.length > 0) throw new Error(`OpenStack describes this answer otherwise: ${wrong.join('; ')}`)
    return reply
  }
  return {
    get: (path, headers) => send('GET', path, undefined, headers),
    delete: (path, headers) => send('DELETE', path, undefined, headers),
    post: (path, body, headers) => send('POST', path, body, headers),
    put: (path, body, headers) => send('PUT', path, body, headers),
    patch: (path, body, headers) => send('PATCH', path, body, headers),
    request,
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
