import type { Demand } from '../resource-providers/search.ts'
import { passesAggregates, passesTraits } from './combine.ts'
import type { CandidateRequest, RequestGroup } from './request.ts'
import { hasRoom, type TreeProvider } from './tree.ts'

/** Something that one provider of a tree must have, or one that shares with it. */
export interface Need extends Demand {
  /** Then nothing that is shared will do: only this provider's own tree. */
  readonly inTree?: string
}

/** What must be somewhere in each tree that can satisfy a request. It may be there, and the tree still not do. Pure. */
export const needsOf = ({ groups }: CandidateRequest): Need[] => groups.flatMap(needsOfGroup)

function needsOfGroup({ suffix, ...group }: RequestGroup): Need[] {
  if (suffix !== '') return [group]
  const some = { ...group, resources: {}, required: [], rootLends: true }
  return [
    ...Object.entries(group.resources).map(([resourceClass, amount]) => ({ ...some, resources: { [resourceClass]: amount } })),
    ...group.required.map((traits) => ({ ...some, required: [traits] })),
  ]
}

/** Whether a provider that shares what it has would do. */
export const isMetBy = (need: Need, provider: TreeProvider): boolean =>
  need.inTree === undefined &&
  Object.entries(need.resources).every(([resourceClass, amount]) => hasRoom(provider, resourceClass, amount)) &&
  passesTraits(provider.traits, need) &&
  passesAggregates(provider.aggregates, need)

/** Each of these values once. */
export const distinct = <T>(values: readonly T[]): T[] => [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
