import type { ColumnType, Selectable } from 'kysely'
import type { Json } from '../kernel/sql/tables.ts'
import type { ImageStatus } from './images/states.ts'
import type { KindName } from './metadefs/definitions/kinds.ts'

export type Visibility = 'public' | 'private' | 'shared' | 'community'
export type MemberStatus = 'pending' | 'accepted' | 'rejected'
/** `import` makes an image of its own; `api_image_import` is an import that an image was asked to do. */
export type TaskType = 'import' | 'api_image_import'
export type TaskStatus = 'pending' | 'processing' | 'success' | 'failure'

interface ImagesTable {
  id: string
  name: string | null
  /** A project's id. */
  owner: string | null
  status: ImageStatus
  visibility: Visibility
  disk_format: string | null
  container_format: string | null
  min_disk_gb: number
  min_ram_mb: number
  protected: boolean
  os_hidden: boolean
  /** The file in the image store that holds the bytes; null when there are none. */
  file_name: string | null
  size_bytes: number | null
  /** What a guest would see of the disk. */
  virtual_size_bytes: number | null
  /** md5 of the bytes, hexadecimal. */
  checksum: string | null
  /** sha512 of the bytes, hexadecimal. */
  hash: string | null
  /** Counts every change: the compare-and-swap of all writers. */
  revision: number
  created_at: ColumnType<Date, any, never>
  updated_at: ColumnType<Date, any, any>
  /** A deleted image keeps its row: its id is never given again, and a page that it ended can be continued. */
  deleted_at: ColumnType<Date | null, any, any>
}

interface PropertiesTable {
  image_id: string
  name: string
  value: string
}

interface TagsTable {
  image_id: string
  tag: string
}

interface MembersTable {
  image_id: string
  /** The project that the image is shared with. */
  member_id: string
  status: MemberStatus
  created_at: ColumnType<Date, any, never>
  updated_at: ColumnType<Date, any, any>
}

interface NamespacesTable {
  id: string
  namespace: string
  display_name: string | null
  description: string | null
  visibility: 'public' | 'private'
  /** A project's id. */
  owner: string | null
  protected: boolean
  /** Counts every change of the namespace and of what is in it: the compare-and-swap of all writers. */
  revision: number
  created_at: ColumnType<Date, any, never>
  updated_at: ColumnType<Date, any, any>
}

interface DefinitionsTable {
  id: string
  namespace_id: string
  kind: KindName
  name: string
  /** What it says, as clients wrote it; without its name. */
  content_json: Json<Record<string, unknown>>
  created_at: ColumnType<Date, any, never>
  updated_at: ColumnType<Date, any, any>
}

interface ResourceTypesTable {
  name: string
  created_at: ColumnType<Date, any, never>
  updated_at: ColumnType<Date, any, any>
}

interface AssociationsTable {
  namespace_id: string
  resource_type: string
  /** What the names of the namespace's properties begin with on resources of this type. */
  prefix: string | null
  properties_target: string | null
  created_at: ColumnType<Date, any, never>
  updated_at: ColumnType<Date, any, any>
}

interface TasksTable {
  id: string
  type: TaskType
  status: TaskStatus
  /** A project's id. */
  owner: string | null
  user_id: string | null
  /** Of the request that made it: what a client has got to find it by. */
  request_id: string
  image_id: string | null
  input_json: Json<Record<string, unknown>>
  result_json: Json<Record<string, unknown>> | null
  /** Why it failed. */
  message: string
  created_at: ColumnType<Date, any, never>
  updated_at: ColumnType<Date, any, any>
  /** When it is forgotten; null while it runs. */
  expires_at: ColumnType<Date | null, any, any>
}

/** One row for each project with limits, changed by whoever counts: so they count one after the other. */
interface QuotaTurnsTable {
  owner: string
  turn: number
}

export type ImageRow = Selectable<ImagesTable>
export type MemberRow = Selectable<MembersTable>
export type NamespaceRow = Selectable<NamespacesTable>
export type DefinitionRow = Selectable<DefinitionsTable>
export type ResourceTypeRow = Selectable<ResourceTypesTable>
export type AssociationRow = Selectable<AssociationsTable>
export type TaskRow = Selectable<TasksTable>

declare module '../kernel/sql/tables.ts' {
  interface Tables {
    glance_images: ImagesTable
    glance_properties: PropertiesTable
    glance_tags: TagsTable
    glance_members: MembersTable
    glance_metadef_namespaces: NamespacesTable
    glance_metadef_definitions: DefinitionsTable
    glance_metadef_resource_types: ResourceTypesTable
    glance_metadef_associations: AssociationsTable
    glance_tasks: TasksTable
    glance_quota_turns: QuotaTurnsTable
  }
}
