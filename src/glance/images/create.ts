import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import { conflict, forbidden } from '../../kernel/errors.ts'
import { charge } from '../quotas/charge.ts'
import { assertSensible, assertWritable, enforceVisibility } from './rules.ts'
import { isAttribute, type ImageDocument } from './schema.ts'
import { imageById, insertImage, type Image, type ImageChoices } from './store.ts'
import type { Tx } from '../../kernel/sql/tables.ts'

/** Makes a record that waits for its bytes. Refuses with `forbidden` for what the asker may not set, `conflict` for a taken id, `overLimit` past a quota. */
export async function createImage(ctx: CloudContext, tx: Tx, document: ImageDocument): Promise<Image> {
  Object.keys(document).forEach(assertWritable)
  const choices = choicesOf(document, projectOf(ctx) || null)
  if (choices.owner !== (projectOf(ctx) || null) && !isAdmin(ctx.subject)) {
    throw forbidden(`You are not permitted to create images owned by '${choices.owner}'.`)
  }
  enforceVisibility(ctx, choices.visibility, { project_id: choices.owner, owner: choices.owner })
  assertSensible(choices)
  const id = document.id ?? ctx.ids.uuid()
  if (!(await insertImage(ctx, tx, id, choices))) throw conflict(`Image ID ${id} already exists!`)
  await charge(ctx, tx, choices.owner, { image_count_total: 1 }, { images: 1 })
  return (await imageById(tx, id))!
}

function choicesOf(document: ImageDocument, projectId: string | null): ImageChoices {
  const { id: _, tags = [], ...rest } = document
  const properties = Object.fromEntries(Object.entries(rest).filter(([name, value]) => !isAttribute(name) && value !== null)) as Record<
    string,
    string
  >
  return {
    name: document.name ?? null,
    owner: document.owner === undefined ? projectId : document.owner,
    visibility: document.visibility ?? 'shared',
    disk_format: document.disk_format ?? null,
    container_format: document.container_format ?? null,
    min_disk_gb: document.min_disk ?? 0,
    min_ram_mb: document.min_ram ?? 0,
    protected: document.protected ?? false,
    os_hidden: document.os_hidden ?? false,
    properties,
    tags: [...new Set(tags)],
  }
}
