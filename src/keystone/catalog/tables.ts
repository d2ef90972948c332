import type { Selectable } from 'kysely'
import type { Filters } from '../endpoint-filters/filters.ts'
import type { Json } from '../../kernel/sql/tables.ts'

type Extra = Json<Record<string, unknown>>

interface RegionsTable {
  id: string
  parent_region_id: string | null
  description: string
  extra_json: Extra
}

interface ServicesTable {
  id: string
  type: string
  name: string | null
  description: string | null
  enabled: boolean
  extra_json: Extra
}

export type Interface = 'public' | 'internal' | 'admin'

interface EndpointsTable {
  id: string
  service_id: string
  region_id: string | null
  interface: Interface
  /** May hold `$(root_url)s`, `$(project_id)s` and the like. */
  url: string
  enabled: boolean
  extra_json: Extra
}

interface PoliciesTable {
  id: string
  type: string
  blob_json: Json<unknown>
  extra_json: Extra
}

interface PolicyAssociationsTable {
  endpoint_id: string
  service_id: string
  region_id: string
  policy_id: string
}

interface EndpointGroupsTable {
  id: string
  name: string
  description: string | null
  filters_json: Json<Filters>
}

interface ProjectEndpointsTable {
  project_id: string
  endpoint_id: string
}

interface ProjectEndpointGroupsTable {
  project_id: string
  group_id: string
}

export type RegionRow = Selectable<RegionsTable>
export type ServiceRow = Selectable<ServicesTable>
export type EndpointRow = Selectable<EndpointsTable>
export type PolicyRow = Selectable<PoliciesTable>
export type EndpointGroupRow = Selectable<EndpointGroupsTable>

declare module '../../kernel/sql/tables.ts' {
  interface Tables {
    keystone_regions: RegionsTable
    keystone_services: ServicesTable
    keystone_endpoints: EndpointsTable
    keystone_policies: PoliciesTable
    keystone_policy_associations: PolicyAssociationsTable
    keystone_endpoint_groups: EndpointGroupsTable
    keystone_project_endpoints: ProjectEndpointsTable
    keystone_project_endpoint_groups: ProjectEndpointGroupsTable
  }
}
