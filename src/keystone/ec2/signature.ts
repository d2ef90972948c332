import { createHash, createHmac } from 'node:crypto'
import { percentEncoded } from '../oauth/signature.ts'

type Values = Readonly<Record<string, string | number | boolean>>

/** What a service passes on of a request that its client signed. */
export interface Signed {
  readonly verb?: string
  readonly host?: string
  readonly path?: string
  readonly params?: Values
  readonly headers?: Values
  /** SHA-256 of the request's body, hexadecimal. */
  readonly body_hash?: string
}

/** The signature that the owner of the secret makes of a request, version 2 or 4; undefined for what is of neither. */
export function ec2Signature(secret: string, signed: Signed): string | undefined {
  const { params = {}, headers = {} } = signed
  if (params['SignatureVersion'] !== undefined) return String(params['SignatureVersion']) === '2' ? version2(secret, signed) : undefined
  const authorization = headers['Authorization'] ?? params['X-Amz-Algorithm']
  return String(authorization ?? '').startsWith(algorithm) ? version4(secret, signed) : undefined
}

const algorithm = 'AWS4-HMAC-SHA256'

function version2(secret: string, { verb = '', host = '', path = '', params = {} }: Signed): string {
  const text = [verb, host, path, queryOf({ ...params, SignatureMethod: 'HmacSHA256' })].join('\n')
  return createHmac('sha256', secret).update(text).digest('base64')
}

const queryOf = (params: Values): string =>
  Object.entries(params)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(String(value))}`)
    .join('&')

// docs.aws.amazon.com: Signature Version 4, "create a signed request"
function version4(secret: string, { verb = '', path = '', params = {}, headers = {}, body_hash = '' }: Signed): string | undefined {
  const authorization = headers['Authorization']
  // Either all of it is in the header, or each part is a parameter.
  const part = (name: string): string =>
    authorization === undefined
      ? String(params[`X-Amz-${name}`] ?? '')
      : (new RegExp(`${name}=([^,]*)`).exec(String(authorization))?.[1] ?? '')
  const names = part('SignedHeaders')
  const lowered = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase().trim(), String(value).trim()]))
  const lines = names.split(';').flatMap((name) => (lowered.has(name) ? [`${name}:${lowered.get(name)!}`] : []))
  // The parameters of a POST are in its body.
  const query = verb.toUpperCase() === 'POST' ? '' : queryOf(params)
  const request = [verb.toUpperCase(), path, query, `${lines.join('\n')}\n`, names, body_hash].join('\n')
  const scope = part('Credential').split('/').slice(1)
  const date = String(headers['X-Amz-Date'] ?? params['X-Amz-Date'] ?? '')
  if (!scope[0] || !date.startsWith(scope[0])) return undefined
  const text = [algorithm, date, scope.join('/'), createHash('sha256').update(request).digest('hex')].join('\n')
  return signedInScope(secret, scope, text)
}

/** The signature of a text, version 4: `scope` is a day, a region, a service, and `aws4_request`. */
export function signedInScope(secret: string, scope: readonly string[], text: string): string {
  const key = [...scope.slice(0, 3), 'aws4_request'].reduce<Buffer | string>(
    (before, step) =>
      createHmac('sha256', before as never)
        .update(step)
        .digest(),
    `AWS4${secret}`,
  )
  return createHmac('sha256', key as never)
    .update(text)
    .digest('hex')
}

const s3Services = new Set(['s3', 'iam', 'sts'])

/** The signature of a text that an S3 service passes on; undefined for a text that is not of version 4 although it says so. */
export function s3Signature(secret: string, text: string): string | undefined {
  if (!text.startsWith('AWS4')) return createHmac('sha1', secret).update(text).digest('base64')
  const lines = text.split('\n')
  const scope = lines[2]?.split('/') ?? []
  if (lines.length !== 4 || lines[0] !== algorithm) return undefined
  if (scope.length !== 4 || scope[3] !== 'aws4_request' || !s3Services.has(scope[2]!)) return undefined
  return signedInScope(secret, scope, text)
}
