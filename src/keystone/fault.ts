import { describeProblem } from '../cloud/schema-words.ts'
import type { Answer } from '../kernel/http/answer.ts'
import type { RequestContext } from '../kernel/http/route.ts'
import type { Fault, FaultKind, SchemaProblem } from '../kernel/errors.ts'

const statuses: Record<FaultKind, [code: number, title: string]> = {
  invalid: [400, 'Bad Request'],
  unauthenticated: [401, 'Unauthorized'],
  forbidden: [403, 'Forbidden'],
  notFound: [404, 'Not Found'],
  methodNotAllowed: [405, 'Method Not Allowed'],
  notAcceptable: [406, 'Not Acceptable'],
  conflict: [409, 'Conflict'],
  gone: [410, 'Gone'],
  tooLarge: [413, 'Request Entity Too Large'],
  unsupportedMedia: [415, 'Unsupported Media Type'],
  unprocessable: [422, 'Unprocessable Entity'],
  // keystone's LimitTreeExceedError and its kin are 403.
  overLimit: [403, 'Forbidden'],
  rangeNotSatisfiable: [416, 'Requested Range Not Satisfiable'],
  unavailable: [503, 'Service Unavailable'],
  internal: [500, 'Internal Server Error'],
}

export const blame =
  'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.'

/** keystone's dialect: `{"error":{"code","message","title"}}`. */
export function keystoneFault(fault: Fault, ctx: RequestContext | undefined): Answer {
  const [code, title] = statuses[fault.kind]
  return {
    status: code,
    headers: code === 401 ? wwwAuthenticate(ctx) : {},
    body: { error: { code, message: wording(fault), title } },
  }
}

/** Where one who did not prove himself can do so. */
export const wwwAuthenticate = (ctx: RequestContext | undefined): Record<string, string> => ({
  'www-authenticate': `Keystone uri="${ctx?.request.baseUrl ?? ''}/v3"`,
})

function wording(fault: Fault): string {
  const { problem, type } = fault.details
  if (problem) return problemWording(problem)
  if (type === 'malformed' && !fault.message.startsWith('Null')) return `Expecting to find valid JSON in request body. ${blame}`
  return fault.message
}

// keystone checks the one object in the body, so its paths start there. keystone/common/validation/validators.py
function problemWording(problem: SchemaProblem): string {
  const path = problem.part === 'body' ? problem.path.slice(1) : problem.path
  const message = describeProblem(problem)
  return path.length === 0 ? message : `Invalid input for field '${path.join('/')}': ${message}`
}

/** What keystone says when a request lacks something that no schema asks for. */
export const expecting = (attribute: string, target: string): string => `Expecting to find ${attribute} in ${target}. ${blame}`
