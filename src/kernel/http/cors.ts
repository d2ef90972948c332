import type { IncomingHttpHeaders } from 'node:http'
import type { Answer } from './answer.ts'

/** The web origins whose pages may speak to the cloud from a browser, such as `https://dashboard.example`; `*` lets all. */
export type Origins = readonly string[]

/** How long a browser may remember what it was allowed, in seconds. */
const rememberSeconds = 3600

const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE'

/** The answer to a browser that asks whether a page may send its request; undefined for every other request. */
export function preflightAnswer(origins: Origins, method: string | undefined, headers: IncomingHttpHeaders): Answer | undefined {
  const origin = allowedOrigin(origins, headers)
  if (method !== 'OPTIONS' || !origin || !headers['access-control-request-method']) return undefined
  const wanted = headers['access-control-request-headers']
  return {
    status: 204,
    headers: {
      'access-control-allow-origin': origin,
      'access-control-allow-methods': methods,
      // A token is no cookie: a page must have it before it can send it, so any header may come.
      ...(wanted && /^[\w\-, ]{1,1000}$/.test(wanted) && { 'access-control-allow-headers': wanted }),
      'access-control-max-age': String(rememberSeconds),
      vary: 'Origin',
    },
  }
}

/** The answer with what lets a page of an allowed origin read it, all its headers included. */
export function readableBy(origins: Origins, headers: IncomingHttpHeaders, answer: Answer): Answer {
  const origin = allowedOrigin(origins, headers)
  if (!origin) return answer
  const vary = answer.headers?.['vary']
  return {
    ...answer,
    headers: {
      ...answer.headers,
      'access-control-allow-origin': origin,
      'access-control-expose-headers': Object.keys(answer.headers ?? {}).join(', '),
      vary: vary ? `${vary}, Origin` : 'Origin',
    },
  }
}

function allowedOrigin(origins: Origins, { origin }: IncomingHttpHeaders): string | undefined {
  if (origin === undefined || origins.length === 0) return undefined
  return origins.includes(origin) || origins.includes('*') ? origin : undefined
}
