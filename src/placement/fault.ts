import { badVersion } from '../cloud/microversions.ts'
import { describeProblem } from '../cloud/schema-words.ts'
import type { Fault, FaultKind } from '../kernel/errors.ts'
import type { Answer } from '../kernel/http/answer.ts'
import type { RequestContext } from '../kernel/http/route.ts'
import { undefinedCode } from './codes.ts'
import { since } from './since.ts'
import { range } from './versions/range.ts'

type Words = readonly [status: number, title: string, explanation: string]

const words: Record<FaultKind, Words> = {
  invalid: [400, 'Bad Request', 'The server could not comply with the request since it is either malformed or otherwise incorrect.'],
  unauthenticated: [401, 'Unauthorized', ''],
  forbidden: [403, 'Forbidden', 'Access was denied to this resource.'],
  notFound: [404, 'Not Found', 'The resource could not be found.'],
  methodNotAllowed: [405, 'Method Not Allowed', 'The method is not allowed for this resource.'],
  // The missing bracket is part of what clients see.
  notAcceptable: [
    406,
    'Not Acceptable',
    'The resource could not be generated that was acceptable to your browser (content of type application/json. ',
  ],
  conflict: [409, 'Conflict', 'There was a conflict when trying to complete your request.'],
  gone: [410, 'Gone', 'This resource is no longer available.'],
  tooLarge: [413, 'Request Entity Too Large', 'The body of your request was too large for this server.'],
  unsupportedMedia: [415, 'Unsupported Media Type', 'The request media type is not supported by this server.'],
  rangeNotSatisfiable: [416, 'Request Range Not Satisfiable', 'The Range requested is not available.'],
  unprocessable: [422, 'Unprocessable Entity', 'Unable to process the contained instructions'],
  overLimit: [403, 'Forbidden', 'Access was denied to this resource.'],
  unavailable: [503, 'Service Unavailable', 'The server is currently unavailable. Please try again at a later time.'],
  internal: [500, 'Internal Server Error', 'The server has either erred or is incapable of performing the requested operation.'],
}

/** A refusal in placement's dialect: `{"errors": [{"status": 404, "title": "Not Found", "detail": …, "request_id": …}]}`. */
export function placementFault(fault: Fault, ctx: RequestContext | undefined, requestId: string): Answer {
  if (fault.kind === 'unauthenticated') return unauthorized(fault, ctx)
  const kind = kindOf(fault, ctx)
  const [status, title, explanation] = words[kind]
  const error = {
    status,
    title,
    detail: `${explanation}\n\n ${textOf(fault)}${kind === 'notAcceptable' ? '' : '  '}`,
    ...(ctx && since(ctx, '1.23', { code: fault.details.type?.startsWith('placement.') ? fault.details.type : undefinedCode })),
    request_id: requestId,
    ...(status === 406 && fault.details.type === badVersion && { max_version: range.max, min_version: range.min }),
  }
  return { status, body: { errors: [error] } }
}

function unauthorized(fault: Fault, ctx: RequestContext | undefined): Answer {
  return {
    status: 401,
    headers: { 'www-authenticate': `Keystone uri="${ctx?.request.rootUrl ?? ''}/identity"` },
    body: { error: { code: 401, title: 'Unauthorized', message: fault.message } },
  }
}

/** A method that only another version has is not found; one alone is "not allowed" (placement/handlers/inventory.py@da1a588: status_code=405). */
function kindOf(fault: Fault, ctx: RequestContext | undefined): FaultKind {
  return fault.details.type === 'version' && ctx?.request.path.endsWith('/inventories') ? 'methodNotAllowed' : fault.kind
}

function textOf(fault: Fault): string {
  const { problem, type } = fault.details
  if (problem)
    return `${problem.part === 'body' ? 'JSON does not validate' : 'Invalid query string parameters'}: ${describeProblem(problem)}`
  if (type === badVersion) return versionText(fault)
  return type === 'route' || type === 'version' ? '' : fault.message
}

function versionText(fault: Fault): string {
  const wanted = /^(?:API Version String|Version) (\S+)/.exec(fault.message)?.[1] ?? ''
  return `Invalid microversion: ${fault.kind === 'notAcceptable' ? 'Unacceptable version header' : 'invalid version string'}: ${wanted}`
}
