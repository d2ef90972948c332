/** One thing that a token may be used for, when it may be used for certain things only. */
export interface AccessRule {
  /** The service's type in the catalog. */
  readonly service: string
  readonly method: string
  /** May hold `*` or `{name}` for one segment, and `**` for whatever follows. */
  readonly path: string
}

/** Whether one of the rules is about this request. `path` is the one below the service's own address. */
export const isAllowedBy = (rules: readonly AccessRule[], { service, method, path }: AccessRule): boolean =>
  rules.some((rule) => rule.service === service && rule.method === method && matches(rule.path, path))

type Part = { readonly any: 'segment' | 'rest' } | { readonly literal: string }

const partsOf = (pattern: string): Part[] =>
  [...pattern.matchAll(/(\*\*)|\*|\{[^}]*\}|([^*{]+|\{)/g)].map(([, rest, literal]) =>
    literal === undefined ? { any: rest ? 'rest' : 'segment' } : { literal },
  )

// Users write patterns. A regular expression made of them could take for ever; this takes pattern times path, by keeping
// all places in the path that what was read of the pattern may have reached.
function matches(pattern: string, path: string): boolean {
  let reached = new Uint8Array(path.length + 1)
  reached[0] = 1
  for (const part of partsOf(pattern))
    reached = 'literal' in part ? afterLiteral(reached, path, part.literal) : afterAny(reached, path, part.any)
  return reached[path.length] === 1
}

const afterLiteral = (reached: Uint8Array, path: string, literal: string) =>
  reached.map((_, end) => Number(reached[end - literal.length] === 1 && path.startsWith(literal, end - literal.length)))

function afterAny(reached: Uint8Array, path: string, any: 'segment' | 'rest') {
  let isWithin = false
  return reached.map((_, end) => {
    if (any === 'rest') return Number((isWithin ||= reached[end] === 1))
    isWithin = path[end - 1] !== '/' && (isWithin || reached[end - 1] === 1)
    return Number(isWithin)
  })
}
