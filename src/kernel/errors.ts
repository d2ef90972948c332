/** Every way in which Skykeel refuses. Each API translates a kind into its own status and wording, once, at the edge. */
export type FaultKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'notFound'
  | 'methodNotAllowed'
  | 'notAcceptable'
  | 'conflict'
  | 'gone'
  | 'tooLarge'
  | 'unsupportedMedia'
  | 'unprocessable'
  | 'overLimit'
  | 'rangeNotSatisfiable'
  | 'unavailable'
  /** Never thrown: what the edge makes of a bug. */
  | 'internal'

/** What a dialect may need beyond the message. */
export interface FaultDetails {
  /** A name that clients match on, such as neutron's `NetworkInUse` or placement's `placement.concurrent_update`. */
  readonly type?: string
  /** Where a schema was broken; the dialect words it as its own validator would. */
  readonly problem?: SchemaProblem
  readonly headers?: Readonly<Record<string, string>>
  /** Seconds after which a repeat makes sense; becomes Retry-After. */
  readonly retryAfterSeconds?: number
}

/** One broken rule of a JSON schema, in the words of JSON Schema itself. */
export interface SchemaProblem {
  /** Which part of the request: a body or a query. */
  readonly part: 'body' | 'query'
  /** The path to the value that broke the rule, one name or index a part. */
  readonly path: readonly (string | number)[]
  /** The keyword that was broken: `required`, `type`, `additionalProperties`, … */
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
  /** The value itself. */
  readonly value: unknown
}

/** A refusal: the request was understood and will not be done. Anything else that is thrown is a bug or an outage. */
export class Fault extends Error {
  readonly kind: FaultKind
  readonly details: FaultDetails

  constructor(kind: FaultKind, message: string, details: FaultDetails = {}) {
    super(message)
    this.name = 'Fault'
    this.kind = kind
    this.details = details
  }
}

const refuse = (kind: FaultKind) => (message: string, details?: FaultDetails) => new Fault(kind, message, details)

export const invalid = refuse('invalid')
export const unauthenticated = refuse('unauthenticated')
export const forbidden = refuse('forbidden')
export const notFound = refuse('notFound')
export const methodNotAllowed = refuse('methodNotAllowed')
export const notAcceptable = refuse('notAcceptable')
export const conflict = refuse('conflict')
export const gone = refuse('gone')
export const tooLarge = refuse('tooLarge')
export const unsupportedMedia = refuse('unsupportedMedia')
export const unprocessable = refuse('unprocessable')
export const overLimit = refuse('overLimit')
export const rangeNotSatisfiable = refuse('rangeNotSatisfiable')
export const unavailable = refuse('unavailable')
