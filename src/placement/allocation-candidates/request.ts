import type { AggregateFilter, TraitFilter } from '../query-words.ts'
import type { Resources } from '../resources.ts'

/** Resources that belong together: with a suffix they all come from one provider, without one from anywhere in the tree. */
export interface RequestGroup extends TraitFilter, AggregateFilter {
  readonly suffix: string
  readonly resources: Resources
  /** Only providers in the tree of this one. */
  readonly inTree?: string
}

/** What a client asks for. */
export interface CandidateRequest {
  readonly groups: readonly RequestGroup[]
  readonly limit?: number
  /** Groups with a suffix get different providers. */
  readonly isolate: boolean
  /** What the root of the tree must be. */
  readonly root: TraitFilter
  /** Groups, by suffix, one of whose providers must be above all the others'. */
  readonly sameSubtrees: readonly (readonly string[])[]
}
