import { flag, standardColumns, type ListedResource } from '../listing.ts'
import { flagOf } from '../values.ts'
import type { FilterQuery } from '../filters.ts'
import { noRouter } from './refusals.ts'

const always = (value: string) => (query: FilterQuery, values: readonly string[]) =>
  values.includes(value) ? query : query.where((eb: any) => eb.lit(false))
const neverSet = (query: FilterQuery, values: readonly string[]) =>
  values.some((value) => !flagOf(value)) ? query : query.where((eb: any) => eb.lit(false))

/** What lists of routers can be filtered and sorted by. */
export const listedRouters: ListedResource = {
  table: 'neutron_routers',
  collection: 'routers',
  notFound: noRouter,
  columns: { ...standardColumns, admin_state_up: flag('admin_state_up') },
  filters: { status: always('ACTIVE'), distributed: neverSet, ha: neverSet },
}
