import { invalid } from '../kernel/errors.ts'
import { isUuid, normalUuid } from './patterns.ts'
import { speaks } from './since.ts'
import type { RequestContext } from '../kernel/http/route.ts'
import type { Resources } from './resources.ts'

const form = 'Badly formed resources parameter. Expected resources query string parameter in form: ?resources=VCPU:2,MEMORY_MB:1024. Got: '

/** Reads `VCPU:2,MEMORY_MB:1024`. */
export function readResources(text: string): Resources {
  if (text.trim() === '') throw invalid(`${form}empty string.`)
  const entries = text.split(',').map((part): [string, number] => {
    const [name, amount, ...rest] = part.split(':')
    if (name === undefined || amount === undefined || rest.length > 0) throw invalid(`${form}${part}.`)
    if (!/^\s*[+-]?\d+\s*$/.test(amount)) throw invalid(`Requested resource ${name} expected positive integer amount. Got: ${amount}.`)
    if (Number(amount) < 1) throw invalid(`Requested resource ${name} requires amount >= 1. Got: ${Number(amount)}.`)
    return [name, Number(amount)]
  })
  return Object.fromEntries(entries)
}

/** Which traits a provider must have (one of each group) and must not have. */
export interface TraitFilter {
  readonly required: readonly (readonly string[])[]
  readonly forbidden: readonly string[]
}

/** Reads `A,!B`, and since 1.39 several of them and `in:C,D`. */
export function readTraits(ctx: RequestContext, values: readonly string[]): TraitFilter {
  const used = speaks(ctx, '1.39') ? values : values.slice(-1)
  const required: string[][] = []
  const forbidden: string[] = []
  for (const value of used) {
    if (value.startsWith('in:') && speaks(ctx, '1.39')) required.push(anyOf(ctx, value))
    else {
      for (const trait of namesIn(ctx, value)) {
        if (trait.startsWith('!')) forbidden.push(trait.slice(1))
        else required.push([trait])
      }
    }
  }
  return { required, forbidden }
}

function anyOf(ctx: RequestContext, value: string): string[] {
  const traits = namesIn(ctx, value.slice(3))
  if (traits.some((trait) => trait.startsWith('!'))) {
    throw invalid(`The format 'in:!TRAIT1,TRAIT2,...' is not supported, forbidden traits are not allowed. Got: ${value}`)
  }
  return traits
}

function namesIn(ctx: RequestContext, value: string): string[] {
  const mayForbid = speaks(ctx, '1.22')
  const traits = [...new Set(value.split(',').map((trait) => trait.trim()))]
  if (traits.every((trait) => trait !== '' && trait !== '!' && (mayForbid || !trait.startsWith('!')))) return traits
  const example = mayForbid ? 'HW_CPU_X86_VMX,!CUSTOM_MAGIC' : 'HW_CPU_X86_VMX,CUSTOM_MAGIC'
  throw invalid(`Invalid query string parameters: Expected 'required' parameter value of the form: ${example}. Got: ${value}`)
}

/** Which aggregates a provider must be in (one of each group) and must not be in. */
export interface AggregateFilter {
  readonly memberOf: readonly (readonly string[])[]
  readonly notMemberOf: readonly string[]
}

/** Reads `uuid`, `in:uuid,uuid` and since 1.32 `!uuid`, `!in:uuid,uuid`; several of them since 1.24. */
export function readMemberOf(ctx: RequestContext, values: readonly string[], suffix = ''): AggregateFilter {
  if (values.length > 1 && !speaks(ctx, '1.24')) throw invalid(`Multiple member_of${suffix} parameters are not supported`)
  const memberOf: string[][] = []
  const notMemberOf: string[] = []
  for (const value of values) {
    const forbidden = value.startsWith('!')
    if (forbidden && !speaks(ctx, '1.32')) throw invalid('Forbidden member_of parameters are not supported in the specified microversion')
    const aggregates = aggregatesIn(forbidden ? value.slice(1) : value, value)
    if (forbidden) notMemberOf.push(...aggregates)
    else memberOf.push(aggregates)
  }
  return { memberOf, notMemberOf }
}

function aggregatesIn(text: string, whole: string): string[] {
  if (text.includes(',') && !text.startsWith('in:'))
    throw invalid(`Multiple values for 'member_of' must be prefixed with the 'in:' keyword. Got: ${whole}`)
  const uuids = (text.startsWith('in:') ? text.slice(3) : text).split(',')
  for (const uuid of uuids) {
    if (!isUuid(uuid))
      throw invalid(`Invalid query string parameters: Expected 'member_of' parameter to contain valid UUID(s). Got: ${uuid}`)
  }
  return uuids.map(normalUuid)
}
