import type { ColumnType, Selectable } from 'kysely'
import type { Json } from '../../kernel/sql/tables.ts'
import type { PowerState, TaskState, VmState } from './states.ts'

type Made = ColumnType<Date, any, never>
type Changed = ColumnType<Date | null, any, any>

/** The flavor as it was when the server was built: later changes of the flavor don't reach the server. */
export interface ServerFlavor {
  readonly id: string
  readonly name: string
  readonly vcpus: number
  readonly memoryMb: number
  readonly diskGb: number
  readonly ephemeralGb: number
  readonly swapMb: number
  readonly extraSpecs: Readonly<Record<string, string>>
}

/** Why a server is in ERROR. */
export interface ServerFault {
  readonly code: number
  readonly message: string
  /** ISO time. */
  readonly created: string
}

interface ServersTable {
  id: string
  project_id: string
  user_id: string
  name: string
  hostname: string
  description: string | null
  vm_state: VmState
  task_state: TaskState | null
  power_state: PowerState
  flavor_id: string
  flavor_json: Json<ServerFlavor>
  image_id: string
  key_name: string | null
  user_data: string | null
  config_drive: boolean
  disk_config: 'AUTO' | 'MANUAL'
  metadata_json: Json<Record<string, string>>
  /** Each between commas (`,web,prod,`), which no tag contains: so `like` finds one. Empty when there are none. */
  tags: string
  access_ipv4: string
  access_ipv6: string
  locked_by: 'owner' | 'admin' | null
  locked_reason: string | null
  /** The zone that the user asked for. */
  wanted_zone: string | null
  /** The host that an administrator asked for. */
  wanted_host: string | null
  /** The zone of its host. */
  zone: string | null
  host: string | null
  /** Hosts that could not build it. */
  refusals_json: Json<string[]>
  reservation_id: string
  launch_index: number
  fault_json: Json<ServerFault> | null
  /** Counts every change of the row: what is made of a row is known by its id and revision. */
  revision: number
  created_at: Made
  updated_at: Changed
  launched_at: Changed
  terminated_at: Changed
  /** Beside the time, since an index can be ordered behind it. */
  deleted: boolean
}

/** The last console output that the server's host reported. */
interface ServerConsolesTable {
  server_id: string
  output: string
}

/** One piece of work on a server, for its users to read: who asked for it, and what became of it. */
interface InstanceActionsTable {
  id: string
  server_id: string
  request_id: string
  action: string
  user_id: string
  project_id: string
  message: string | null
  events_json: Json<ActionEvent[]>
  started_at: Made
  updated_at: Changed
}

export interface ActionEvent {
  readonly event: string
  readonly host: string | null
  readonly result: 'Success' | 'Error'
  readonly details: string | null
  /** ISO time. */
  readonly finishedAt: string
}

export type ServerRow = Selectable<ServersTable>
export type InstanceActionRow = Selectable<InstanceActionsTable>

declare module '../../kernel/sql/tables.ts' {
  interface Tables {
    nova_servers: ServersTable
    nova_server_consoles: ServerConsolesTable
    nova_instance_actions: InstanceActionsTable
  }
}
