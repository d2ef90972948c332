import { request } from 'node:http'

export interface CallAnswer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: unknown
}

/** One HTTP request with a JSON body, and its answer. (fetch would cost the supervisor 10 MB for the two requests that it makes.) */
export function call(
  url: string,
  {
    method = 'GET',
    headers = {},
    body,
    timeoutMs = 10_000,
  }: { method?: string; headers?: Record<string, string>; body?: unknown; timeoutMs?: number } = {},
): Promise<CallAnswer> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const sent = {
      accept: 'application/json',
      connection: 'close',
      ...(text !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    }
    const outgoing = request(url, { method, headers: sent, agent: false, timeout: timeoutMs, signal: AbortSignal.timeout(timeoutMs) })
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => {
      let received = ''
      incoming.setEncoding('utf8').on('data', (part: string) => (received += part))
      incoming.on('error', reject)
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: parsed(received) }))
    })
    outgoing.end(text)
  })
}

/** The status of a GET; 0 when there was no answer in time. */
export const statusOfGet = async (url: string, { timeoutMs }: { timeoutMs: number }): Promise<number> =>
  url === ''
    ? 0
    : call(url, { timeoutMs }).then(
        ({ status }) => status,
        () => 0,
      )

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
