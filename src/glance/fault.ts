import { problemText } from './problem-text.ts'
import { schemaNameAt } from './schema-name.ts'
import type { FaultKind, Fault } from '../kernel/errors.ts'
import type { Answer } from '../kernel/http/answer.ts'
import type { RequestContext } from '../kernel/http/route.ts'

const statuses: Record<FaultKind, readonly [status: number, title: string]> = {
  invalid: [400, 'Bad Request'],
  unauthenticated: [401, 'Unauthorized'],
  forbidden: [403, 'Forbidden'],
  notFound: [404, 'Not Found'],
  methodNotAllowed: [405, 'Method Not Allowed'],
  notAcceptable: [406, 'Not Acceptable'],
  conflict: [409, 'Conflict'],
  gone: [410, 'Gone'],
  tooLarge: [413, 'Request Entity Too Large'],
  overLimit: [413, 'Request Entity Too Large'],
  unsupportedMedia: [415, 'Unsupported Media Type'],
  rangeNotSatisfiable: [416, 'Requested Range Not Satisfiable'],
  unprocessable: [422, 'Unprocessable Entity'],
  internal: [500, 'Internal Server Error'],
  unavailable: [503, 'Service Unavailable'],
}

const notWho =
  'This server could not verify that you are authorized to access the document you requested. Either you supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.'

/** A refusal as glance words it: a small page of HTML, or JSON for clients that take nothing else. */
export function fault(refusal: Fault, ctx: RequestContext | undefined): Answer {
  const [status, title] = statuses[refusal.kind]
  const message = messageOf(refusal, ctx?.request.path ?? '')
  const headers = {
    ...(refusal.kind === 'unauthenticated' && { 'www-authenticate': `Keystone uri="${ctx?.request.rootUrl ?? ''}/identity"` }),
    ...(refusal.kind === 'unsupportedMedia' && ctx?.request.method === 'PATCH' && { 'accept-patch': patchTypes }),
  }
  const accept = ctx?.request.headers.accept ?? '*/*'
  if (/json/.test(accept) && !/html|\*\/\*/.test(accept)) {
    return { status, headers, body: { message: `${message}<br /><br />\n\n\n`, code: `${status} ${title}`, title } }
  }
  return {
    status,
    headers: { ...headers, 'content-type': 'text/html; charset=UTF-8' },
    text: page(`${status} ${title}`, escapeHtml(message)),
  }
}

const patchTypes = 'application/openstack-images-v2.0-json-patch, application/openstack-images-v2.1-json-patch'

function messageOf({ kind, message, details }: Fault, path: string): string {
  if (kind === 'unauthenticated') return notWho
  if (details.problem) return `Provided object does not match schema '${schemaNameAt(path)}': ${problemText(details.problem)}`
  if (details.type === 'malformed') return 'Malformed JSON in request body.'
  return message
}

const page = (title: string, body: string): string => `<html>
 <head>
  <title>${title}</title>
 </head>
 <body>
  <h1>${title}</h1>
  ${body}<br /><br />



 </body>
</html>`

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' }

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign]!)
