import type { ColumnType, Generated, Selectable } from 'kysely'
import type { Json } from '../kernel/sql/tables.ts'

type Made = ColumnType<Date, any, never>
type Changed = ColumnType<Date | null, any, any>

interface FlavorsTable {
  id: string
  name: string
  description: string | null
  vcpus: number
  memory_mb: number
  disk_gb: number
  ephemeral_gb: number
  swap_mb: number
  rxtx_factor: number
  is_public: boolean
  created_at: Made
  updated_at: Changed
}

interface KeypairsTable {
  id: Generated<number>
  user_id: string
  name: string
  type: string
  fingerprint: string
  public_key: string
  created_at: Made
}

/** Limits that differ from the defaults; the owner is a project, or `class:default`. -1 means no limit. */
interface QuotaLimitsTable {
  owner: string
  resource: string
  hard_limit: number
}

/** What counts against a limit: one row for a project, and one for each user (key pairs belong to users). */
interface QuotaUsagesTable {
  owner: string
  instances: number
  cores: number
  ram: number
  key_pairs: number
  server_groups: number
}

/** A process of nova on a host, as it reports itself: nova-compute, nova-conductor, nova-scheduler. */
interface ServicesTable {
  number: Generated<number>
  id: string
  program: string
  host: string
  /** For people: what is up is told by beats alone. */
  seen_at: ColumnType<Date, any, any>
  /** How often it has said that it is there. */
  beats: ColumnType<number, never, any>
  /** Somebody who listened heard nothing of it for long enough. Its next word ends that. */
  silent: ColumnType<boolean, never, any>
  disabled: boolean
  disabled_reason: string | null
  forced_down: boolean
  created_at: Made
  updated_at: Changed
}

/** A hypervisor: what a nova-compute service has to give. `id` is its resource provider's too. */
interface HostsTable {
  number: Generated<number>
  id: string
  service_id: string
  name: string
  /** The agent process that spoke for it last. */
  agent: string
  driver: string
  vcpus: number
  memory_mb: number
  disk_gb: number
  created_at: Made
}

interface AggregatesTable {
  number: Generated<number>
  id: string
  name: string
  metadata_json: Json<Record<string, string>>
  revision: number
  created_at: Made
  updated_at: Changed
}

interface ServerGroupsTable {
  number: Generated<number>
  id: string
  project_id: string
  user_id: string
  name: string
  policy: string
  rules_json: Json<Record<string, number>>
  /** Counts choices of hosts for members: who counts it up chooses alone. */
  turn: Generated<number>
  created_at: Made
}

export type FlavorRow = Selectable<FlavorsTable>
export type KeypairRow = Selectable<KeypairsTable>
export type ServiceRow = Selectable<ServicesTable>
export type HostRow = Selectable<HostsTable>
export type AggregateRow = Selectable<AggregatesTable>
export type ServerGroupRow = Selectable<ServerGroupsTable>

declare module '../kernel/sql/tables.ts' {
  interface Tables {
    nova_flavors: FlavorsTable
    nova_flavor_extra_specs: { flavor_id: string; name: string; value: string }
    nova_flavor_access: { flavor_id: string; project_id: string }
    nova_keypairs: KeypairsTable
    nova_quota_limits: QuotaLimitsTable
    nova_quota_usages: QuotaUsagesTable
    nova_services: ServicesTable
    nova_hosts: HostsTable
    nova_aggregates: AggregatesTable
    nova_aggregate_hosts: { aggregate: number; host: string }
    nova_zone_hosts: { host: string; zone: string }
    nova_server_groups: ServerGroupsTable
    nova_server_group_members: { server_id: string; group_id: string }
  }
}
