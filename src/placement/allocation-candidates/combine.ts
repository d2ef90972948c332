import { wanted, type Resources } from '../resources.ts'
import type { AggregateFilter, TraitFilter } from '../query-words.ts'
import type { CandidateRequest, RequestGroup } from './request.ts'
import { hasRoom, isAbove, type Tree, type TreeProvider } from './tree.ts'

/** One way to satisfy a request: what to take from whom, and which group is served by whom. */
export interface Candidate {
  readonly allocations: Readonly<Record<string, Resources>>
  readonly mappings: Readonly<Record<string, readonly string[]>>
}

/** Which provider gives what for one group. */
type Serving = readonly { readonly provider: TreeProvider; readonly resourceClass?: string; readonly amount: number }[]

/** So many combinations of one tree are looked at; a request with many groups on a wide tree has more than anybody can use. */
const mostCombinations = 10_000

/** All ways in which one tree, with what is shared with it, satisfies a request. Pure. */
export function* candidatesOf(tree: Tree, request: CandidateRequest): Generator<Candidate> {
  if (!passesTraits(tree.root.traits, request.root)) return
  const options: Serving[][] = []
  for (const group of request.groups) {
    const servings = group.suffix === '' ? [...spread(tree, group)] : [...single(tree, group)]
    if (servings.length === 0) return
    options.push(servings)
  }
  let seen = 0
  for (const combination of product(options)) {
    if (++seen > mostCombinations) return
    if (suits(tree, request, combination)) yield candidateOf(request, combination)
  }
}

/** A group with a suffix: one provider gives it all. */
function* single(tree: Tree, group: RequestGroup): Generator<Serving> {
  for (const provider of providersFor(tree, group)) {
    if (!passesTraits(provider.traits, group) || !passesAggregates(provider.aggregates, group)) continue
    const parts = wanted(group.resources)
    if (!parts.every(([resourceClass, amount]) => hasRoom(provider, resourceClass, amount))) continue
    yield parts.length === 0 ? [{ provider, amount: 0 }] : parts.map(([resourceClass, amount]) => ({ provider, resourceClass, amount }))
  }
}

/** The group without a suffix: each class may come from another provider, and together they have the traits. */
function* spread(tree: Tree, group: RequestGroup): Generator<Serving> {
  const providers = providersFor(tree, group).filter((provider) => {
    const aggregates = provider.rootId === tree.root.id ? [...provider.aggregates, ...tree.root.aggregates] : provider.aggregates
    return passesAggregates(aggregates, group) && passesTraits(provider.traits, { required: [], forbidden: group.forbidden })
  })
  const choices = wanted(group.resources).map(([resourceClass, amount]) =>
    providers.filter((provider) => hasRoom(provider, resourceClass, amount)).map((provider) => ({ provider, resourceClass, amount })),
  )
  for (const serving of product(choices)) {
    const traits = serving.flatMap(({ provider }) => provider.traits)
    if (passesTraits(traits, { required: group.required, forbidden: [] })) yield serving
  }
}

const providersFor = (tree: Tree, { inTree }: RequestGroup): readonly TreeProvider[] => {
  if (inTree === undefined) return [...tree.own, ...tree.sharing]
  return tree.own.some((provider) => provider.id === inTree) ? tree.own : []
}

/** Whether these traits are what is asked for. */
export const passesTraits = (traits: readonly string[], { required, forbidden }: TraitFilter): boolean =>
  required.every((any) => any.some((trait) => traits.includes(trait))) && !forbidden.some((trait) => traits.includes(trait))

/** Whether these aggregates are what is asked for. */
export const passesAggregates = (aggregates: readonly string[], { memberOf, notMemberOf }: AggregateFilter): boolean =>
  memberOf.every((any) => any.some((id) => aggregates.includes(id))) && !notMemberOf.some((id) => aggregates.includes(id))

function suits(tree: Tree, request: CandidateRequest, combination: readonly Serving[]): boolean {
  const byGroup = new Map(request.groups.map((group, index) => [group.suffix, combination[index]!]))
  if (request.isolate) {
    const singles = [...byGroup]
      .filter(([suffix, serving]) => suffix !== '' && serving.some(({ amount }) => amount > 0))
      .map(([, serving]) => serving[0]!.provider.id)
    if (new Set(singles).size < singles.length) return false
  }
  for (const suffixes of request.sameSubtrees) {
    const ids = suffixes.flatMap((suffix) => byGroup.get(suffix)!.map(({ provider }) => provider.id))
    if (!ids.some((upper) => ids.every((lower) => isAbove(tree, upper, lower)))) return false
  }
  return sumsFit(combination.flat())
}

/** Groups may meet at one provider; together they must still fit. */
function sumsFit(parts: Serving): boolean {
  const sums = new Map<string, { provider: TreeProvider; resourceClass: string; amount: number }>()
  for (const { provider, resourceClass, amount } of parts) {
    if (resourceClass === undefined) continue
    const key = `${provider.id} ${resourceClass}`
    sums.set(key, { provider, resourceClass, amount: (sums.get(key)?.amount ?? 0) + amount })
  }
  return [...sums.values()].every(({ provider, resourceClass, amount }) => hasRoom(provider, resourceClass, amount))
}

function candidateOf(request: CandidateRequest, combination: readonly Serving[]): Candidate {
  const allocations: Record<string, Record<string, number>> = {}
  for (const { provider, resourceClass, amount } of combination.flat()) {
    if (resourceClass === undefined) continue
    const own = (allocations[provider.id] ??= {})
    own[resourceClass] = (own[resourceClass] ?? 0) + amount
  }
  const mappings = request.groups.map((group, index) => [
    group.suffix,
    [...new Set(combination[index]!.map(({ provider }) => provider.id))],
  ])
  return { allocations, mappings: Object.fromEntries(mappings) }
}

/** One of each, in every way. */
function* product<T>(choices: readonly (readonly T[])[]): Generator<T[]> {
  const [first, ...rest] = choices
  if (!first) return yield []
  for (const item of first) for (const tail of product(rest)) yield [item, ...tail]
}
