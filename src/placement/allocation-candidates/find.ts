import type { CloudContext } from '../../cloud/context.ts'
import { invalid } from '../../kernel/errors.ts'
import type { Db } from '../../kernel/sql/tables.ts'
import { unknownClasses, unknownTraits } from '../known.ts'
import { speaks } from '../since.ts'
import { candidatesOf, type Candidate } from './combine.ts'
import type { CandidateRequest } from './request.ts'
import { promisingTrees } from './promising.ts'
import type { Tree, TreeProvider } from './tree.ts'

export interface Candidates {
  readonly found: readonly Candidate[]
  /** Providers that the summaries describe. */
  readonly providers: readonly TreeProvider[]
}

/** All ways to satisfy a request, up to its limit. Only trees in which everything that is asked for is somewhere are looked at closely. */
export async function findCandidates(ctx: CloudContext, db: Db, request: CandidateRequest): Promise<Candidates> {
  await assertKnown(db, request)
  const found = new Map<string, Candidate>()
  const described = new Map<string, TreeProvider>()
  const missing = () => (request.limit ?? Infinity) - found.size
  for await (const tree of promisingTrees(db, request, missing)) {
    for (const candidate of candidatesOf(tree, request)) {
      if (missing() === 0) break
      if (speaks(ctx, '1.29') || isFlat(tree, candidate)) add(ctx, tree, candidate, found, described)
    }
    if (missing() === 0) break
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
