import { invalid } from '../../kernel/errors.ts'
import { expecting } from '../fault.ts'

const names = ['service_id', 'region_id', 'interface'] as const

/** What endpoints of a group have in common. */
export type Filters = Readonly<Partial<Record<(typeof names)[number], string>>>

/** The endpoint as far as filters look at it. */
type Filtered = Readonly<Record<(typeof names)[number], string | null>>

/** Reads filters that a client sent. keystone/catalog/core.py */
export function validFilters(sent: Readonly<Record<string, unknown>>): Filters {
  const isKnown = ([name, value]: [string, unknown]) => names.includes(name as (typeof names)[number]) && typeof value === 'string'
  if (!Object.entries(sent).every(isKnown)) throw invalid(expecting('service_id or region_id or interface', 'endpoint_group'))
  const of = sent['interface']
  if (of !== undefined && !['admin', 'internal', 'public'].includes(of as string))
    throw invalid(expecting('admin, internal or public', 'interface'))
  return sent
}

export const matches = (filters: Filters, endpoint: Filtered): boolean =>
  names.every((name) => filters[name] === undefined || filters[name] === endpoint[name])
