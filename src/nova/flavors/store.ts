import { isAdmin, type CloudContext } from '../../cloud/context.ts'
import { afterMarker, sortedBy, type SortKey } from '../../cloud/paging.ts'
import type { Context } from '../../kernel/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import type { FlavorRow } from '../tables.ts'

export interface Flavor {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly vcpus: number
  readonly memoryMb: number
  readonly diskGb: number
  readonly ephemeralGb: number
  readonly swapMb: number
  readonly rxtxFactor: number
  readonly isPublic: boolean
  readonly createdAt: Date
  readonly updatedAt: Date | null
}

const flavorOf = (row: FlavorRow): Flavor => ({
  id: row.id,
  name: row.name,
  description: row.description,
  vcpus: row.vcpus,
  memoryMb: row.memory_mb,
  diskGb: row.disk_gb,
  ephemeralGb: row.ephemeral_gb,
  swapMb: row.swap_mb,
  rxtxFactor: Number(row.rxtx_factor),
  isPublic: row.is_public,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

/** A flavor by its id, whoever asks. */
export async function flavorById(db: Db, id: string): Promise<Flavor | undefined> {
  const row = await db.selectFrom('nova_flavors').selectAll().where('id', '=', id).executeTakeFirst()
  return row && flavorOf(row)
}

/** A flavor by its id if the one who asks may use it: public, open to the project, or any for an admin. */
export async function usableFlavor(ctx: CloudContext, db: Db, id: string): Promise<Flavor | undefined> {
  const flavor = await flavorById(db, id)
  if (!flavor || flavor.isPublic || isAdmin(ctx.subject)) return flavor
  const projectId = ctx.subject.projectId ?? ''
  return (await projectsOf(db, id)).includes(projectId) ? flavor : undefined
}

export interface FlavorQuery {
  /** Undefined: public and private ones. */
  readonly isPublic: boolean | undefined
  /** Private flavors open to this project are there too. */
  readonly projectId: string | undefined
  readonly minMemoryMb?: number | undefined
  readonly minDiskGb?: number | undefined
  readonly keys: readonly SortKey[]
  readonly marker?: Flavor | undefined
  readonly limit: number
}

/** One page of flavors. */
export async function listFlavors(db: Db, wanted: FlavorQuery): Promise<Flavor[]> {
  let query = db.selectFrom('nova_flavors').selectAll().limit(wanted.limit)
  const { isPublic, projectId } = wanted
  if (isPublic !== undefined || projectId !== undefined) {
    query = query.where((eb) => {
      const open = eb.exists(
        eb
          .selectFrom('nova_flavor_access')
          .select('project_id')
          .whereRef('flavor_id', '=', 'nova_flavors.id')
          .where('project_id', '=', projectId ?? ''),
      )
      const same = isPublic === undefined ? [] : [eb('is_public', '=', isPublic)]
      return projectId === undefined ? eb.and(same) : eb.or([...same, open])
    })
  }
  if (wanted.minMemoryMb !== undefined) query = query.where('memory_mb', '>=', wanted.minMemoryMb)
  if (wanted.minDiskGb !== undefined) query = query.where('disk_gb', '>=', wanted.minDiskGb)
  if (wanted.marker) query = afterMarker(query, wanted.keys, markerValues(wanted.marker))
  return (await sortedBy(query, wanted.keys).execute()).map(flavorOf)
}

const markerValues = (flavor: Flavor): Record<string, unknown> => ({
  id: flavor.id,
  name: flavor.name,
  vcpus: flavor.vcpus,
  memory_mb: flavor.memoryMb,
  disk_gb: flavor.diskGb,
  ephemeral_gb: flavor.ephemeralGb,
  swap_mb: flavor.swapMb,
  rxtx_factor: flavor.rxtxFactor,
  is_public: flavor.isPublic,
  created_at: flavor.createdAt,
})

export type NewFlavor = Omit<Flavor, 'createdAt' | 'updatedAt'>

/** False: its id or its name is taken. */
export const insertFlavor = (ctx: Context, tx: Tx, flavor: NewFlavor): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'nova_flavors', {
    id: flavor.id,
    name: flavor.name,
    description: flavor.description,
    vcpus: flavor.vcpus,
    memory_mb: flavor.memoryMb,
    disk_gb: flavor.diskGb,
    ephemeral_gb: flavor.ephemeralGb,
    swap_mb: flavor.swapMb,
    rxtx_factor: flavor.rxtxFactor,
    is_public: flavor.isPublic,
    created_at: ctx.dialect.now(),
    updated_at: null,
  })

/** Whether a flavor of this name exists. */
export async function flavorNameIsTaken(db: Db, name: string): Promise<boolean> {
  return (await db.selectFrom('nova_flavors').select('id').where('name', '=', name).executeTakeFirst()) !== undefined
}

/** False: there is no such flavor. */
export async function describeFlavor(ctx: Context, tx: Tx, id: string, description: string | null): Promise<boolean> {
  const result = await tx
    .updateTable('nova_flavors')
    .set({ description, updated_at: ctx.dialect.now() })
    .where('id', '=', id)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

/** Removes a flavor with its extra specs and its access list; servers keep what they copied. False: there is none. */
export async function deleteFlavor(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('nova_flavors').where('id', '=', id).executeTakeFirst()
  await tx.deleteFrom('nova_flavor_extra_specs').where('flavor_id', '=', id).execute()
  await tx.deleteFrom('nova_flavor_access').where('flavor_id', '=', id).execute()
  return Number(numDeletedRows) === 1
}

/** The projects that a private flavor is open to. */
export async function projectsOf(db: Db, flavorId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('nova_flavor_access')
    .select('project_id')
    .where('flavor_id', '=', flavorId)
    .orderBy('project_id')
    .execute()
  return rows.map((row) => row.project_id)
}

/** False: it had access already. */
export const addAccess = (ctx: Context, tx: Tx, flavorId: string, projectId: string): Promise<boolean> =>
  ctx.dialect.insertIfAbsent(tx, 'nova_flavor_access', { flavor_id: flavorId, project_id: projectId })

/** False: it had no access. */
export async function removeAccess(tx: Tx, flavorId: string, projectId: string): Promise<boolean> {
  const result = await tx
    .deleteFrom('nova_flavor_access')
    .where('flavor_id', '=', flavorId)
    .where('project_id', '=', projectId)
    .executeTakeFirst()
  return Number(result.numDeletedRows) === 1
}
