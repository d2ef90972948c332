import type { CloudContext } from '../../cloud/context.ts'
import { invalid } from '../../kernel/errors.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { unknownClasses, unknownTraits } from '../known.ts'
import { speaks } from '../since.ts'
import { candidatesOf, type Candidate } from './combine.ts'
import type { CandidateRequest } from './request.ts'
import { loadProviders, roomFor, sharedRoots } from './store.ts'
import type { Tree, TreeProvider } from './tree.ts'

export interface Candidates {
  readonly found: readonly Candidate[]
  /** Providers that the summaries describe. */
  readonly providers: readonly TreeProvider[]
}

/** So many trees are read at once; a client with a limit seldom needs more. */
const treesAtOnce = 200

/** All ways to satisfy a request, up to its limit. Only trees in which every class has room somewhere are looked at closely. */
export async function findCandidates(ctx: CloudContext, db: Db, request: CandidateRequest): Promise<Candidates> {
  await assertKnown(db, request)
  const shared = await sharedRoots(db)
  const roots = await promisingRoots(db, request, shared)
  const found = new Map<string, Candidate>()
  const described = new Map<string, TreeProvider>()
  const limit = request.limit ?? Infinity
  for (let at = 0; at < roots.length && found.size < limit; at += treesAtOnce) {
    for (const tree of await loadTrees(db, roots.slice(at, at + treesAtOnce), shared)) {
      for (const candidate of candidatesOf(tree, request)) {
        if (found.size >= limit) break
        if (speaks(ctx, '1.29') || isFlat(tree, candidate)) add(ctx, tree, candidate, found, described)
      }
    }
  }
  return { found: [...found.values()], providers: [...described.values()] }
}

/** Until 1.28 clients know roots only. */
const isFlat = (tree: Tree, { allocations }: Candidate): boolean =>
  [...tree.own, ...tree.sharing].every((provider) => !(provider.id in allocations) || provider.parentId === null)

function add(
  ctx: CloudContext,
  tree: Tree,
  candidate: Candidate,
  found: Map<string, Candidate>,
  described: Map<string, TreeProvider>,
): void {
  found.set(JSON.stringify(candidate), candidate)
  const involved = (provider: TreeProvider) => provider.id in candidate.allocations
  const whole = speaks(ctx, '1.29') && tree.own.some(involved)
  for (const provider of [...tree.own.filter((one) => whole || involved(one)), ...tree.sharing.filter(involved)])
    described.set(provider.id, provider)
}

async function assertKnown(db: Db, { groups, root }: CandidateRequest): Promise<void> {
  const [noClass] = await unknownClasses(
    db,
    groups.flatMap((group) => Object.keys(group.resources)),
  )
  if (noClass) throw invalid(`Invalid resource class in resources parameter: No such resource class ${noClass}.`)
  const noTraits = await unknownTraits(
    db,
    [root, ...groups].flatMap(({ required, forbidden }) => [...required.flat(), ...forbidden]),
  )
  if (noTraits.length > 0) throw invalid(`No such trait(s): ${noTraits.join(', ')}.`)
}

/** Roots of trees in which, or shared with which, each class has room for the smallest amount that is asked for. */
async function promisingRoots(db: Db, { groups }: CandidateRequest, shared: ReadonlyMap<string, ReadonlySet<string>>): Promise<string[]> {
  const least = new Map<string, number>()
  for (const [resourceClass, amount] of groups.flatMap((group) => Object.entries(group.resources))) {
    least.set(resourceClass, Math.min(amount, least.get(resourceClass) ?? Infinity))
  }
  const classesByRoot = new Map<string, Set<string>>()
  for (const { providerId, rootId, resourceClass } of await roomFor(db, [...least])) {
    for (const root of [rootId, ...(shared.get(providerId) ?? [])]) {
      const classes = classesByRoot.get(root)
      if (classes) classes.add(resourceClass)
      else classesByRoot.set(root, new Set([resourceClass]))
    }
  }
  return [...classesByRoot]
    .filter(([, classes]) => classes.size === least.size)
    .map(([root]) => root)
    .toSorted()
}

async function loadTrees(db: Db, rootIds: readonly string[], shared: ReadonlyMap<string, ReadonlySet<string>>): Promise<Tree[]> {
  const sharers = [...shared].filter(([, roots]) => rootIds.some((root) => roots.has(root))).map(([id]) => id)
  const providers = await loadProviders(db, rootIds, sharers)
  const byRoot = Map.groupBy(providers, (provider) => provider.rootId)
  return rootIds.flatMap((rootId) => {
    const own = byRoot.get(rootId) ?? []
    const root = own.find((provider) => provider.id === rootId)
    const sharing = providers.filter((provider) => provider.rootId !== rootId && shared.get(provider.id)?.has(rootId))
    return root ? [{ root, own, sharing }] : []
  })
}
