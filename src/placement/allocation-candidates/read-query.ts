import { invalid } from '../../kernel/errors.ts'
import type { RequestContext } from '../../kernel/http/route.ts'
import { badValue, duplicateKey, missingValue } from '../codes.ts'
import { assertUuid } from '../patterns.ts'
import { readMemberOf, readResources, readTraits } from '../query-words.ts'
import { speaks } from '../since.ts'
import type { CandidateRequest, RequestGroup } from './request.ts'

const wholeKeys: Record<string, string> = { limit: '1.16', group_policy: '1.25', root_required: '1.35', same_subtree: '1.36' }
const groupKeys: Record<string, string> = { resources: '1.10', required: '1.17', member_of: '1.21', in_tree: '1.31' }

/** Reads the query of GET /allocation_candidates as its version knows it. */
export function readQuery(ctx: RequestContext): CandidateRequest {
  const { search } = ctx.request
  const groups = new Map<string, URLSearchParams>()
  for (const [key, value] of search) {
    if (key in wholeKeys && speaks(ctx, wholeKeys[key]!)) continue
    const parts = partsOf(ctx, key)
    if (!parts)
      throw invalid(`Invalid query string parameters: Additional properties are not allowed ('${key.slice(0, 100)}' was unexpected)`)
    const [name, suffix] = parts
    if (!groups.has(suffix)) groups.set(suffix, new URLSearchParams())
    groups.get(suffix)!.append(name, value)
  }
  const sameSubtrees = search.getAll('same_subtree').map(readSuffixes)
  const read = [...groups].map(([suffix, params]) => readGroup(ctx, suffix, params))
  checkGroups(ctx, read, sameSubtrees)
  const isolate = readPolicy(search, read)
  return { groups: read, isolate, root: readRoot(ctx), sameSubtrees, ...readLimit(search.getAll('limit')[0]) }
}

function partsOf(ctx: RequestContext, key: string): [name: string, suffix: string] | undefined {
  const pattern = speaks(ctx, '1.33')
    ? /^(resources|required|member_of|in_tree)([a-zA-Z0-9_-]{1,64})?$/
    : /^(resources|required|member_of|in_tree)([1-9][0-9]*)?$/
  const [, name = '', suffix = ''] = pattern.exec(key) ?? []
  if (name === '' || !speaks(ctx, groupKeys[name]!) || (suffix !== '' && !speaks(ctx, '1.25'))) return undefined
  return [name, suffix]
}

function readGroup(ctx: RequestContext, suffix: string, params: URLSearchParams): RequestGroup {
  const resources = params.getAll('resources').at(-1)
  const tree = params.getAll('in_tree').at(-1)
  const group = {
    suffix,
    resources: resources === undefined ? {} : readResources(resources),
    ...readTraits(ctx, params.getAll('required')),
    ...readMemberOf(ctx, params.getAll('member_of'), suffix),
    ...(tree !== undefined && {
      inTree: assertUuid(
        tree,
        `Invalid query string parameters: Expected 'in_tree' parameter to be a format of uuid. Got: ${tree.slice(0, 64)}`,
      ),
    }),
  }
  const conflicting = group.required.find((traits) => traits.every((trait) => group.forbidden.includes(trait)))
  if (conflicting) {
    throw invalid(
      `Conflicting required and forbidden traits found in the following traits keys: required${suffix}: (${[...conflicting].toSorted().join(', ')})`,
    )
  }
  return group
}

const isEmpty = (group: RequestGroup): boolean => Object.keys(group.resources).length === 0

function checkGroups(ctx: RequestContext, groups: readonly RequestGroup[], sameSubtrees: readonly (readonly string[])[]): void {
  if (!speaks(ctx, '1.25') && !groups.some((group) => !isEmpty(group)))
    throw invalid("Invalid query string parameters: 'resources' is a required property")
  const empty = groups.filter(isEmpty)
  if (speaks(ctx, '1.36')) return checkSubtrees(groups, empty, sameSubtrees)
  const orphans = (key: string, has: (group: RequestGroup) => boolean) => empty.filter(has).map((group) => key + group.suffix)
  const traits = orphans('required', (group) => group.required.length + group.forbidden.length > 0)
  if (traits.length > 0)
    throw invalid(
      `All traits parameters must be associated with resources.  Found the following orphaned traits keys: ${traits.join(', ')}`,
    )
  const members = orphans('member_of', (group) => group.memberOf.length + group.notMemberOf.length > 0)
  if (members.length > 0) {
    throw invalid(
      `All member_of parameters must be associated with resources. Found the following orphaned member_of keys: ${members.join(', ')}`,
    )
  }
  if (empty.length > 0) throw invalid('All request groups must specify resources.')
  if (groups.length === 0) throw invalid('At least one request group (`resources` or `resources{$S}`) is required.')
}

function checkSubtrees(
  groups: readonly RequestGroup[],
  empty: readonly RequestGroup[],
  sameSubtrees: readonly (readonly string[])[],
): void {
  if (empty.length === groups.length)
    throw invalid('There must be at least one resources or resources[$S] parameter.', { type: missingValue })
  const named = new Set(sameSubtrees.flat())
  const loose = empty.filter((group) => !named.has(group.suffix)).map((group) => `'${group.suffix}'`)
  if (loose.length > 0) {
    throw invalid(
      `Resourceless suffixed group request should be specified in \`same_subtree\` query param: bad group(s) - [${loose.join(', ')}].`,
      { type: badValue },
    )
  }
  const unknown = [...named].filter((suffix) => !groups.some((group) => group.suffix === suffix))
  if (unknown.length > 0) {
    const list = (names: readonly string[]) => `[${names.map((name) => `'${name}'`).join(', ')}]`
    const text = `Real suffixes should be specified in \`same_subtree\`: ${list(unknown)} not found in ${list(groups.map((group) => group.suffix))}.`
    throw invalid(text, { type: badValue })
  }
}

function readSuffixes(value: string): string[] {
  const suffixes = [...new Set(value.split(',').map((suffix) => suffix.trim()))]
  if (suffixes.includes('')) throw invalid('Empty string (unsuffixed group) can not be specified in `same_subtree` ', { type: badValue })
  return suffixes
}

function readRoot(ctx: RequestContext): CandidateRequest['root'] {
  const values = ctx.request.search.getAll('root_required')
  if (values.length > 1) throw invalid("Query parameter 'root_required' may be specified only once.", { type: duplicateKey })
  const root = readTraits(ctx, values)
  const conflicts = root.required.flat().filter((trait) => root.forbidden.includes(trait))
  if (conflicts.length > 0)
    throw invalid(`Conflicting required and forbidden traits found in root_required: ${conflicts.join(', ')}`, { type: badValue })
  return root
}

function readPolicy(search: URLSearchParams, groups: readonly RequestGroup[]): boolean {
  const policy = search.getAll('group_policy')[0]
  if (policy !== undefined && policy !== 'none' && policy !== 'isolate') {
    throw invalid(`Invalid query string parameters: '${policy.slice(0, 100)}' is not one of ['none', 'isolate']`)
  }
  if (policy === undefined && groups.filter((group) => group.suffix !== '').length > 1) {
    throw invalid('The "group_policy" parameter is required when specifying more than one "resources{N}" parameter.')
  }
  return policy === 'isolate'
}

function readLimit(text: string | undefined): { limit?: number } {
  if (text === undefined) return {}
  if (!/^[1-9][0-9]*$/.test(text)) throw invalid(`Invalid query string parameters: '${text.slice(0, 100)}' does not match '^[1-9][0-9]*$'`)
  return { limit: Number(text) }
}
