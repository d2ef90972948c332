import { describeProblem, pythonText } from '../cloud/schema-words.ts'
import { namePattern } from './schema-types.ts'
import type { Fault, FaultKind, SchemaProblem } from '../kernel/errors.ts'
import type { Answer } from '../kernel/http/answer.ts'
import type { RequestContext } from '../kernel/http/route.ts'

const words: Record<FaultKind, readonly [status: number, name: string]> = {
  invalid: [400, 'badRequest'],
  unauthenticated: [401, 'unauthorized'],
  forbidden: [403, 'forbidden'],
  notFound: [404, 'itemNotFound'],
  methodNotAllowed: [405, 'badMethod'],
  notAcceptable: [406, 'computeFault'],
  conflict: [409, 'conflictingRequest'],
  gone: [410, 'computeFault'],
  tooLarge: [413, 'overLimit'],
  unsupportedMedia: [415, 'badMediaType'],
  rangeNotSatisfiable: [416, 'computeFault'],
  unprocessable: [422, 'computeFault'],
  // nova answers 403 to a quota, and keeps 413 for bodies.
  overLimit: [403, 'forbidden'],
  unavailable: [503, 'serviceUnavailable'],
  internal: [500, 'computeFault'],
}

/** A refusal in nova's dialect: `{"itemNotFound": {"code": 404, "message": …}}`. */
export function novaFault(fault: Fault, ctx: RequestContext | undefined): Answer {
  if (fault.kind === 'unauthenticated') return unauthorized(fault, ctx)
  // nova's router knows no 405: a method that a path lacks is a path that there is not.
  if (fault.details.type === 'route') return unknownPath
  const [code, name] = words[fault.kind]
  const message = fault.details.problem ? problemText(fault.details.problem) : fault.message
  return { status: code, headers: { 'content-type': 'application/json; charset=UTF-8' }, body: { [name]: { code, message } } }
}

function unauthorized(fault: Fault, ctx: RequestContext | undefined): Answer {
  const identity = `${ctx?.request.rootUrl ?? ''}/identity`
  return {
    status: 401,
    headers: { 'www-authenticate': `Keystone uri="${identity}"` },
    body: { error: { code: 401, title: 'Unauthorized', message: fault.message } },
  }
}

const unknownPath: Answer = {
  status: 404,
  headers: { 'content-type': 'text/html; charset=UTF-8' },
  text: `<html>
 <head>
  <title>404 Not Found</title>
 </head>
 <body>
  <h1>404 Not Found</h1>
  The resource could not be found.<br /><br />



 </body>
</html>`,
}

const badName = "An invalid 'name' value was provided. The name must be: printable characters. Can not start or end with whitespace."

function problemText(problem: SchemaProblem): string {
  if (problem.keyword === 'pattern' && problem.params['pattern'] === namePattern) return badName
  const said = describeProblem(problem)
  if (problem.path.length === 0) return said
  // nova's queries are lists by name, so there the name comes first; in bodies the innermost field is named.
  if (problem.part === 'query') return `Invalid input for query parameters ${problem.path[0]}. Value: ${pythonText(problem.value)}. ${said}`
  return `Invalid input for field/attribute ${problem.path.at(-1)}. Value: ${pythonText(problem.value)}. ${said}`
}
