import { createHmac } from 'node:crypto'
import { isSameSecret } from '../../kernel/same-secret.ts'
import type { RequestHead } from '../../kernel/http/route.ts'

/** What a request says by its header `Authorization: OAuth …`. RFC 5849, 3.5.1 */
export type OauthParameters = ReadonlyMap<string, string>

/** Secrets that a signature is made with. */
export interface Secrets {
  readonly consumer: string
  readonly token: string
}

const algorithms: Readonly<Record<string, string>> = { 'HMAC-SHA1': 'sha1', 'HMAC-SHA256': 'sha256' }

/** How much the clocks of a consumer and of this controller may differ, in seconds. */
const windowSeconds = 600

/** Reads the header; undefined when it is none of OAuth. */
export function oauthParameters(header: string | undefined): OauthParameters | undefined {
  if (!header || !/^OAuth\s/i.test(header)) return undefined
  const parts = header.slice(6).matchAll(/([\w%-]+)="([^"]*)"/g)
  try {
    return new Map([...parts].map(([, name, value]) => [decodeURIComponent(name!), decodeURIComponent(value!)]))
  } catch {
    return undefined
  }
}

// RFC 3986: encodeURIComponent leaves five characters that must not be left.
/** A text as it is written into what is signed. */
export const percentEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)

/** What is signed. RFC 5849, 3.4.1 */
export function signatureBase(
  { method, baseUrl, path, search }: Pick<RequestHead, 'method' | 'baseUrl' | 'path' | 'search'>,
  oauth: OauthParameters,
): string {
  const parameters = [...search, ...[...oauth].filter(([name]) => name !== 'oauth_signature' && name !== 'realm')]
    .map(([name, value]) => [percentEncoded(name), percentEncoded(value)] as const)
    .toSorted(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
  return [method.toUpperCase(), percentEncoded(`${baseUrl}${path}`), percentEncoded(parameters.join('&'))].join('&')
}

/** The signature of a text. Undefined for a method that is not known. */
export function signatureOf(base: string, method: string, { consumer, token }: Secrets): string | undefined {
  const algorithm = algorithms[method]
  return (
    algorithm &&
    createHmac(algorithm, `${percentEncoded(consumer)}&${percentEncoded(token)}`)
      .update(base)
      .digest('base64')
  )
}

/** Whether who knows these secrets signed this request, and did so now. */
export function isSigned(request: RequestHead, oauth: OauthParameters, secrets: Secrets, now: Date): boolean {
  const seconds = Number(oauth.get('oauth_timestamp'))
  if (!(Math.abs(now.getTime() / 1000 - seconds) <= windowSeconds) || !oauth.get('oauth_nonce')) return false
  const expected = signatureOf(signatureBase(request, oauth), oauth.get('oauth_signature_method') ?? '', secrets)
  return expected !== undefined && isSameSecret(oauth.get('oauth_signature') ?? '', expected)
}
