import type { Readable } from 'node:stream'

/** What goes back over the wire. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it is; `content-type` says what it is. */
  readonly text?: string
  /** Sent piece by piece. */
  readonly stream?: Readable
}

export const ok = (body: unknown, headers?: Answer['headers']): Answer => ({ status: 200, body, ...(headers && { headers }) })
export const created = (body: unknown, headers?: Answer['headers']): Answer => ({ status: 201, body, ...(headers && { headers }) })
export const accepted = (body?: unknown, headers?: Answer['headers']): Answer => ({ status: 202, body, ...(headers && { headers }) })
export const noContent = (headers?: Answer['headers']): Answer => ({ status: 204, ...(headers && { headers }) })

/** An answer ready to be written: headers complete, the body as text. */
export interface FlatAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Serialises an answer that has no stream. */
export function flatten(answer: Answer): FlatAnswer {
  const headers = { ...answer.headers }
  if (answer.text !== undefined)
    return { status: answer.status, headers: { 'content-type': 'application/json', ...headers }, body: answer.text }
  if (answer.body === undefined) return { status: answer.status, headers, body: '' }
  return { status: answer.status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(answer.body) }
}
