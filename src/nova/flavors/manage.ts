import { conflict, invalid, notFound } from '../../kernel/errors.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Db, Tx } from '../../kernel/sql/tables.ts'
import { checkProject } from '../projects.ts'
import { isTrue } from '../schema-types.ts'
import { addAccess, flavorById, flavorNameIsTaken, insertFlavor, removeAccess, usableFlavor, type Flavor, type NewFlavor } from './store.ts'
import type { CreateFlavorBody } from './schema.ts'

/** A flavor that the one who asks may use. Throws `notFound` otherwise. */
export async function flavorFor(ctx: CloudContext, db: Db, id: string): Promise<Flavor> {
  const flavor = await usableFlavor(ctx, db, id)
  if (!flavor) throw notFound(`Flavor ${id} could not be found.`)
  return flavor
}

/** Creates a flavor. A private one is open to the project of the one who makes it. Throws `conflict` for a taken id or name. */
export async function createFlavor(ctx: CloudContext, tx: Tx, body: CreateFlavorBody): Promise<Flavor> {
  const flavor = wanted(ctx, body)
  if (!(await insertFlavor(ctx, tx, flavor))) {
    const byName = await flavorNameIsTaken(tx, flavor.name)
    throw conflict(byName ? `Flavor with name ${flavor.name} already exists.` : `Flavor with ID ${flavor.id} already exists.`)
  }
  if (!flavor.isPublic && ctx.subject.projectId) await addAccess(ctx, tx, flavor.id, ctx.subject.projectId)
  return (await flavorById(tx, flavor.id))!
}

function wanted(ctx: CloudContext, body: CreateFlavorBody): NewFlavor {
  const id = body.id === undefined || body.id === null || body.id === 'auto' ? ctx.ids.uuid() : String(body.id)
  const rxtxFactor = Number(body.rxtx_factor ?? 1)
  if (rxtxFactor <= 0) throw invalid(`Invalid input received: 'rxtx_factor' argument must be a float between 0 and 3.40282e+38`)
  return {
    id,
    name: body.name,
    description: body.description ?? null,
    vcpus: counted('vcpus', body.vcpus, 1),
    memoryMb: counted('ram', body.ram, 1),
    diskGb: counted('disk', body.disk),
    ephemeralGb: counted('ephemeral', body['OS-FLV-EXT-DATA:ephemeral']),
    swapMb: counted('swap', body.swap),
    rxtxFactor,
    isPublic: isTrue(body['os-flavor-access:is_public'] ?? true),
  }
}

// The schema checks the range of numbers, but not that of digits in text.
function counted(name: string, value: number | string | undefined, least = 0): number {
  const count = Number(value ?? 0)
  if (count < least) throw invalid(`Invalid input received: ${name} must be >= ${least}`)
  if (count > 2_147_483_647) throw invalid(`Invalid input received: ${name} must be <= 2147483647`)
  return count
}

/** Opens a private flavor to a project. Throws `conflict` when it is open already, `invalid` when there is no such project. */
export async function openFlavor(ctx: CloudContext, tx: Tx, flavor: Flavor, projectId: string): Promise<void> {
  await checkProject(tx, projectId)
  if (flavor.isPublic) throw conflict('Can not add access to a public flavor.')
  if (!(await addAccess(ctx, tx, flavor.id, projectId))) {
    throw conflict(`Flavor access already exists for flavor ${flavor.id} and project ${projectId} combination.`)
  }
}

/** Closes a private flavor to a project. Throws `notFound` when it was not open. */
export async function closeFlavor(tx: Tx, flavor: Flavor, projectId: string): Promise<void> {
  if (!(await removeAccess(tx, flavor.id, projectId))) {
    throw notFound(`Flavor access not found for flavor ${flavor.id} and project ${projectId} combination.`)
  }
}
