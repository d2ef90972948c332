import { existsAt, type Version } from './schema.ts'
import type { Route } from './route.ts'

/** The routes of one service, found by path. Fixed segments win over parameters. */
export interface Router {
  match(path: string): Match | undefined
}

export interface Match {
  /** Routes of every method and version at this path, with the names of their parameters. */
  readonly routes: readonly { readonly route: Route; readonly names: readonly string[] }[]
  readonly values: readonly string[]
}

interface Node {
  readonly fixed: Map<string, Node>
  parameter?: Node
  readonly routes: { route: Route; names: string[] }[]
}

const node = (): Node => ({ fixed: new Map(), routes: [] })

/** Arranges routes by the segments of their paths. A slash at the end means the same as none, unless `slashCounts`: then nothing is there. */
export function routerOf(routes: readonly Route[], { slashCounts = false } = {}): Router {
  const root = node()
  for (const route of routes) {
    let at = root
    const names: string[] = []
    for (const segment of segmentsOf(route.path)) {
      if (segment.startsWith(':')) {
        names.push(segment.slice(1))
        at = at.parameter ??= node()
      } else {
        let next = at.fixed.get(segment)
        if (!next) at.fixed.set(segment, (next = node()))
        at = next
      }
    }
    at.routes.push({ route, names })
  }
  const isElsewhere = (path: string) => slashCounts && path.length > 1 && path.endsWith('/')
  return { match: (path) => (isElsewhere(path) ? undefined : matchAt(root, segmentsOf(path))) }
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '')
}

function matchAt(root: Node, segments: readonly string[]): Match | undefined {
  const values: string[] = []
  const walk = (at: Node, depth: number): Node | undefined => {
    if (depth === segments.length) return at.routes.length > 0 ? at : undefined
    const segment = segments[depth]!
    const fixed = at.fixed.get(segment)
    const found = fixed && walk(fixed, depth + 1)
    if (found || !at.parameter) return found
    const value = decode(segment)
    if (value === undefined) return undefined
    values.push(value)
    const below = walk(at.parameter, depth + 1)
    if (!below) values.pop()
    return below
  }
  const found = walk(root, 0)
  if (!found) return undefined
  return { routes: found.routes, values }
}

function decode(segment: string): string | undefined {
  try {
    const text = decodeURIComponent(segment)
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}

export interface Choice {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

/** The route of this method at this version; HEAD falls back to GET. */
export function chooseRoute(match: Match, method: string, version: Version | undefined): Choice | undefined {
  const of = (wanted: string) => match.routes.find(({ route }) => route.method === wanted && existsAt(route, version))
  const found = of(method) ?? (method === 'HEAD' ? of('GET') : undefined)
  if (!found) return undefined
  return { route: found.route, params: Object.fromEntries(found.names.map((name, index) => [name, match.values[index]!])) }
}
