import { reasonOf } from './wording.ts'
import type { Answer } from '../kernel/http/answer.ts'
import type { RequestContext } from '../kernel/http/route.ts'
import type { Fault, FaultKind } from '../kernel/errors.ts'

const statuses: Record<FaultKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  methodNotAllowed: 405,
  notAcceptable: 406,
  conflict: 409,
  overLimit: 409,
  gone: 410,
  tooLarge: 413,
  unsupportedMedia: 415,
  rangeNotSatisfiable: 416,
  unprocessable: 422,
  unavailable: 503,
  internal: 500,
}

/** Refusals whose status is their own. */
const statusesByType: Readonly<Record<string, number>> = { RevisionNumberConstraintFailed: 412 }

/** The names that neutron gives to refusals which the front door makes. */
const types: Partial<Record<FaultKind, string>> = {
  invalid: 'HTTPBadRequest',
  forbidden: 'HTTPForbidden',
  notFound: 'HTTPNotFound',
  methodNotAllowed: 'HTTPMethodNotAllowed',
  conflict: 'Conflict',
  overLimit: 'OverQuota',
  tooLarge: 'HTTPRequestEntityTooLarge',
  unsupportedMedia: 'HTTPUnsupportedMediaType',
  unprocessable: 'HTTPUnprocessableEntity',
  unavailable: 'ServiceUnavailable',
  internal: 'HTTPInternalServerError',
}
const frontDoorTypes: Readonly<Record<string, string | undefined>> = {
  policy: 'PolicyNotAuthorized',
  malformed: 'MalformedRequestBody',
  route: undefined,
  action: undefined,
}

/** A refusal as neutron words it. */
export function neutronFault(fault: Fault, ctx: RequestContext | undefined): Answer {
  if (fault.kind === 'unauthenticated') return unauthenticated(fault, ctx)
  const { type: given, problem } = fault.details
  const type =
    (given !== undefined && !(given in frontDoorTypes) ? given : frontDoorTypes[given ?? '']) ?? types[fault.kind] ?? 'HTTPBadRequest'
  const message = problem
    ? reasonOf(problem, ctx?.request.method)
    : fault.kind === 'internal'
      ? 'Request Failed: internal server error while processing your request.'
      : fault.message
  return { status: statusesByType[type] ?? statuses[fault.kind], body: { NeutronError: { type, message, detail: '' } } }
}

/** The middleware before neutron refuses tokens, in keystone's words. */
function unauthenticated(fault: Fault, ctx: RequestContext | undefined): Answer {
  return {
    status: 401,
    headers: { 'www-authenticate': `Keystone uri="${ctx?.request.rootUrl ?? ''}/identity"` },
    body: { error: { code: 401, title: 'Unauthorized', message: fault.message } },
  }
}
