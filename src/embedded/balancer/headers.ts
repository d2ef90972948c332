import { waitedHeader } from '../../kernel/http/waited.ts'

/** Headers as node gives and takes them: name, value, name, value, … */
export type RawHeaders = readonly string[]

/** What the balancer knows about a request beyond its own headers. */
export interface RequestFacts {
  readonly clientAddress: string
  readonly proto: 'http' | 'https'
  /** The host that an absolute request target names; it replaces the Host header (RFC 9112, 3.2.2). */
  readonly targetHost: string | undefined
  /** Used when the client sent no Host, as HTTP/1.0 allows. */
  readonly ownHost: string
  /** The key to add if the client sent none; undefined for methods that change nothing. */
  readonly newKey: (() => string) | undefined
  /** How long the body is; undefined for one of unknown length, which goes out in chunks; 'none' if there is none. */
  readonly length: number | undefined | 'none'
  /** Asks the backend to say that it reads before the body is sent. */
  readonly expectContinue: boolean
  readonly trustForwarded: boolean
}

const nothing: ReadonlySet<string> = new Set()

// Of one connection, not of the message (RFC 9110, 7.6.1); and what the balancer writes anew because it frames the body itself.
const ownBusiness = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
  ...['http2-settings', 'expect', 'content-length', waitedHeader],
])
const answerBusiness = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'])
const forwarded = new Set(['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'forwarded'])

/** The headers with which a request goes to a backend, the same for every attempt. */
export function requestHeaders(raw: RawHeaders, facts: RequestFacts): string[] {
  const listed = namedByConnection(raw)
  const out: string[] = []
  const seen = { host: undefined as string | undefined, key: false, for: '', proto: '', by: '' }
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string
    const value = raw[i + 1] as string
    const lower = name.toLowerCase()
    if (forwarded.has(lower)) {
      if (!facts.trustForwarded) continue
      if (lower === 'x-forwarded-for') seen.for = seen.for ? `${seen.for}, ${value}` : value
      else if (lower === 'x-forwarded-proto') seen.proto = value
      else if (lower === 'x-forwarded-host') seen.by = value
      else out.push(name, value)
      continue
    }
    if (lower === 'host') {
      seen.host = facts.targetHost ?? value
      out.push(name, seen.host)
      continue
    }
    if (ownBusiness.has(lower) || listed.has(lower)) continue
    if (lower === 'idempotency-key') {
      if (value === '') continue
      seen.key = true
    }
    out.push(name, value)
  }
  if (seen.host === undefined) out.push('Host', facts.targetHost ?? facts.ownHost)
  if (!seen.key && facts.newKey) out.push('Idempotency-Key', facts.newKey())
  out.push('X-Forwarded-For', seen.for ? `${seen.for}, ${facts.clientAddress}` : facts.clientAddress)
  out.push('X-Forwarded-Proto', seen.proto || facts.proto, 'X-Forwarded-Host', seen.by || (seen.host ?? facts.targetHost ?? facts.ownHost))
  if (facts.length === undefined) out.push('Transfer-Encoding', 'chunked')
  else if (facts.length !== 'none') out.push('Content-Length', String(facts.length))
  if (facts.expectContinue) out.push('Expect', '100-continue')
  return out
}

/** The headers with which a backend's answer goes to the client. */
export function answerHeaders(raw: RawHeaders): string[] {
  const listed = namedByConnection(raw)
  const out: string[] = []
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const lower = (raw[i] as string).toLowerCase()
    if (!answerBusiness.has(lower) && !listed.has(lower)) out.push(raw[i] as string, raw[i + 1] as string)
  }
  return out
}

/** How often a header occurs. */
export function countOf(raw: RawHeaders, lowerName: string): number {
  let count = 0
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string
    if (name.length === lowerName.length && name.toLowerCase() === lowerName) count++
  }
  return count
}

/** Which further headers the sender calls its connection's own. Never the ones that carry the message's meaning. */
function namedByConnection(raw: RawHeaders): ReadonlySet<string> {
  let names: Set<string> | undefined
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue
    const value = raw[i + 1] as string
    if (value === 'close' || value === 'keep-alive') continue
    for (const part of value.split(',')) (names ??= new Set()).add(part.trim().toLowerCase())
  }
  if (!names) return nothing
  for (const kept of ['host', 'content-length', 'content-type', 'date']) names.delete(kept)
  return names
}

/** The path of a request target, and the host if it is an absolute one: `GET http://cloud/v3`. */
export function splitTarget(target: string): { path: string; host?: string } {
  if (target.startsWith('/')) return { path: target }
  const match = /^https?:\/\/([^/?#]+)([^#]*)$/i.exec(target)
  if (!match) return { path: target }
  const rest = match[2] as string
  return { path: rest.startsWith('/') ? rest : `/${rest}`, host: match[1] as string }
}
