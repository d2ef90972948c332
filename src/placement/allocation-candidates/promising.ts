import type { Db } from '../../kernel/sql/tables.ts'
import { isMetBy, needsOf } from './needs.ts'
import type { TraitFilter } from '../query-words.ts'
import { rarestRoots } from './rare-store.ts'
import type { CandidateRequest } from './request.ts'
import { rootsAfter, rootsThatMeet, type NeedAndHelp } from './root-store.ts'
import { loadProviders, sharingProviders } from './store.ts'
import type { Tree, TreeProvider } from './tree.ts'

/** So many trees are read at once, and of so many roots at most the database is asked at once. */
const [mostTrees, mostRoots] = [200, 2048]

/**
 * Trees that may satisfy a request, in the order of their roots' ids. Who stops early has cost little: roots are gone through in stretches that
 * grow, and the database says which of them have everything somewhere. `missing` says how many ways are still to be found.
 */
export async function* promisingTrees(db: Db, request: CandidateRequest, missing = () => Infinity): AsyncGenerator<Tree> {
  const sharing = await sharingProviders(db)
  const needs = needsOf(request).map((need) => ({ need, helpedIn: helpedIn(sharing.filter((provider) => isMetBy(need, provider))) }))
  for await (const rootIds of walk(db, needs, request.root, missing)) {
    for (let [from, to] = [0, 0]; from < rootIds.length; from = to) {
      to = from + Math.min(missing(), mostTrees)
      yield* await loadTrees(db, rootIds.slice(from, to), sharing)
    }
  }
}

const helpedIn = (providers: readonly TreeProvider[]): string[] => [...new Set(providers.flatMap(({ aggregates }) => aggregates))]

/** Promising roots, in stretches. When the first has not enough of them, it is worth asking whether all others can be only a few. */
async function* walk(db: Db, needs: readonly NeedAndHelp[], root: TraitFilter, missing: () => number): AsyncGenerator<string[]> {
  let next = (after: string, count: number) => rootsAfter(db, after, count)
  let size = Math.min(Math.max(256, 2 * missing()), mostRoots)
  let [seen, found] = [0, 0]
  for (let after = ''; ;) {
    const stretch = await next(after, size)
    const promising = await rootsThatMeet(db, stretch, needs, root)
    yield promising
    if (stretch.length < size) return
    const rare = after === '' ? await rarestRoots(db, needs) : undefined
    if (rare) next = async (last, count) => rare.filter((id) => id > last).slice(0, count)
    after = stretch.at(-1)!
    // Of the rare ones nothing is known yet; it is hoped that all are promising.
    ;[seen, found] = rare ? [1, 1] : [seen + stretch.length, found + promising.length]
    size = Math.min(4 * size, mostRoots, stretchFor(missing(), found / seen))
  }
}

/** So many roots have as many again as are missing, and half of them more, when so large a part of them is promising. */
const stretchFor = (missing: number, promising: number): number =>
  promising > 0 ? Math.max(64, Math.ceil((1.5 * missing) / promising)) : mostRoots

/** These trees with all that belongs to them, and what is shared with them. */
export async function loadTrees(db: Db, rootIds: readonly string[], sharing: readonly TreeProvider[]): Promise<Tree[]> {
  const byRoot = Map.groupBy(await loadProviders(db, 'root_id', rootIds), (provider) => provider.rootId)
  return rootIds.flatMap((rootId) => {
    const own = byRoot.get(rootId) ?? []
    const root = own.find((provider) => provider.id === rootId)
    const aggregates = new Set(own.flatMap((provider) => provider.aggregates))
    const others = sharing.filter((provider) => provider.rootId !== rootId && provider.aggregates.some((id) => aggregates.has(id)))
    return root ? [{ root, own, sharing: others }] : []
  })
}
