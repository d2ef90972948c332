import { isAdmin, type CloudContext } from '../../cloud/context.ts'
import { conflict, forbidden } from '../../kernel/errors.ts'
import { assertSensible, enforceVisibility } from './rules.ts'
import { columnOf, isAttribute } from './schema.ts'
import { imageById, saveImage, type Image } from './store.ts'
import { enforceImage, visibleImage } from './visible.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { Operation } from './operations.ts'

/** Changes an image, all operations or none. `strictAdd`: adding what is there is a conflict, as the older format has it. */
export async function patchImage(
  ctx: CloudContext,
  tx: Tx,
  { id, operations, strictAdd }: { id: string; operations: readonly Operation[]; strictAdd: boolean },
): Promise<Image> {
  const { image, target } = await visibleImage(ctx, tx, id)
  enforceImage(ctx, 'modify_image', target)
  let changed = image
  for (const operation of operations) {
    assertAllowed(ctx, image, operation, target)
    changed = apply(changed, operation, strictAdd)
  }
  if (changed === image) return image
  assertSensible(changed)
  await saveImage(ctx, tx, image, changed)
  return (await imageById(tx, id))!
}

function assertAllowed(ctx: CloudContext, image: Image, { op, name, value }: Operation, target: Readonly<Record<string, unknown>>): void {
  if (op === 'remove') return
  if (name === 'owner' && !isAdmin(ctx.subject)) throw forbidden("Owner can't be updated by non admin.")
  if (name === 'visibility') enforceVisibility(ctx, value, target)
  if ((name === 'disk_format' || name === 'container_format') && image.status !== 'queued') {
    throw forbidden(`Attribute ${name} can be only replaced for a queued image.`)
  }
}

/** One operation on an image; pure. */
export function apply(image: Image, operation: Operation, strictAdd: boolean): Image {
  const { op, name } = operation
  const isBase = name === 'tags' || isAttribute(name)
  const exists = isBase || Object.hasOwn(image.properties, name)
  if (op === 'remove' && isBase) throw forbidden(`Property ${name} may not be removed.`)
  if (op !== 'add' && !exists) throw conflict(`Property ${name} does not exist.`)
  if (op === 'add' && exists && strictAdd) throw conflict(`Property ${name} already present.`)
  return op === 'remove' ? without(image, name) : set(image, name, operation.value)
}

function set(image: Image, name: string, value: unknown): Image {
  if (name === 'tags') return { ...image, tags: [...new Set(value as string[])] }
  if (isAttribute(name)) return { ...image, [columnOf[name]]: value }
  if (value === null) return without(image, name)
  return { ...image, properties: { ...image.properties, [name]: value as string } }
}

function without(image: Image, name: string): Image {
  return { ...image, properties: Object.fromEntries(Object.entries(image.properties).filter(([other]) => other !== name)) }
}
