import { forbidden, notFound } from '../../kernel/errors.ts'
import { assertSensible } from './rules.ts'
import { hasData } from './states.ts'
import { saveImage, setStatus, type Image } from './store.ts'
import { imageFor } from './visible.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'

/** Keeps an image's bytes from being used, or lets them be used again. Harmless when it is so already. */
export async function switchImage(
  ctx: CloudContext,
  tx: Tx,
  { id, rule }: { id: string; rule: 'deactivate' | 'reactivate' },
): Promise<void> {
  const image = await imageFor(ctx, tx, rule, id)
  if (!hasData(image.status)) throw forbidden(`Not allowed to ${rule} image in status '${image.status}'`)
  const wanted = rule === 'deactivate' ? 'deactivated' : 'active'
  if (image.status !== wanted) await setStatus(ctx, tx, image, wanted)
}

/** Adds a tag; harmless when it is there. */
export async function addTag(ctx: CloudContext, tx: Tx, { id, tag }: { id: string; tag: string }): Promise<void> {
  const image = await imageFor(ctx, tx, 'modify_image', id)
  if (!image.tags.includes(tag)) await saveTags(ctx, tx, image, [...image.tags, tag])
}

/** Removes a tag; refuses with `notFound` when it is not there. */
export async function removeTag(ctx: CloudContext, tx: Tx, { id, tag }: { id: string; tag: string }): Promise<void> {
  const image = await imageFor(ctx, tx, 'modify_image', id)
  if (!image.tags.includes(tag)) throw notFound('The resource could not be found.')
  await saveTags(
    ctx,
    tx,
    image,
    image.tags.filter((other) => other !== tag),
  )
}

async function saveTags(ctx: CloudContext, tx: Tx, image: Image, tags: readonly string[]): Promise<void> {
  const changed: Image = { ...image, tags }
  assertSensible(changed)
  await saveImage(ctx, tx, image, changed)
}
