import type { ColumnType, Selectable } from 'kysely'

type Time = ColumnType<Date, any, any>

interface ProvidersTable {
  id: string
  name: string
  /** Counts changes of what the provider offers; clients send it back to show that they have seen the last one. */
  generation: number
  parent_id: string | null
  root_id: string
  /** Kept on the root: counts changes of its tree, so that two of them never pass each other unseen. */
  shape: number
  /** A fixed random number from 0 to 2^30 - 1. Searches begin at a place of their own and so spread over all providers. */
  place: number
  created_at: Time
  updated_at: Time
}

interface InventoriesTable {
  provider_id: string
  resource_class: string
  total: number
  reserved: number
  min_unit: number
  max_unit: number
  step_size: number
  allocation_ratio: number
  /** (total - reserved) * allocation_ratio, rounded down. */
  capacity: number
  /** The sum of all allocations of it; never changed but together with them. */
  used: number
  updated_at: Time
}

interface ConsumersTable {
  id: string
  project_id: string
  user_id: string
  /** null: nobody said; shown as `unknown`. */
  consumer_type: string | null
  generation: number
  updated_at: Time
}

interface AllocationsTable {
  consumer_id: string
  provider_id: string
  resource_class: string
  used: number
  created_at: Time
}

/** Names that users made; the standard ones are in the program. */
interface CustomNamesTable {
  name: string
  /** How many providers have it: a name in use stays. */
  uses: number
  created_at: Time
}

interface ProviderTraitsTable {
  provider_id: string
  trait: string
}

interface ProviderAggregatesTable {
  provider_id: string
  aggregate_id: string
}

export type ProviderRow = Selectable<ProvidersTable>
export type InventoryRow = Selectable<InventoriesTable>
export type ConsumerRow = Selectable<ConsumersTable>
export type AllocationRow = Selectable<AllocationsTable>

declare module '../kernel/sql/tables.ts' {
  interface Tables {
    placement_providers: ProvidersTable
    placement_inventories: InventoriesTable
    placement_consumers: ConsumersTable
    placement_allocations: AllocationsTable
    placement_traits: CustomNamesTable
    placement_resource_classes: CustomNamesTable
    placement_provider_traits: ProviderTraitsTable
    placement_provider_aggregates: ProviderAggregatesTable
  }
}
