import { enforce } from '../../cloud/policy.ts'
import { invalid } from '../../kernel/errors.ts'
import { assertValid } from '../../kernel/http/schema.ts'
import { createImage } from '../images/create.ts'
import { forbiddenWording } from '../images/visible.ts'
import { ImageBody, type ImageDocument } from '../images/schema.ts'
import { acceptImport } from '../imports/accept.ts'
import { importImage } from '../imports/import-image.ts'
import { assertFetchable } from '../imports/uri-rules.ts'
import type { CloudContext } from '../../cloud/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { Imports } from '../imports/imports.ts'
import type { TaskRow, TaskType } from '../tables.ts'

interface NewTask {
  readonly type: TaskType
  readonly input: Record<string, unknown>
  readonly imports: Imports
}

/** Accepts a task: an import into an image that is there, or one that makes an image of its own. */
export async function createTask(ctx: CloudContext, tx: Tx, { type, input, imports }: NewTask): Promise<TaskRow> {
  return type === 'import' ? importToNewImage(ctx, tx, input, imports) : importToImage(ctx, tx, input, imports)
}

async function importToNewImage(ctx: CloudContext, tx: Tx, input: NewTask['input'], imports: Imports): Promise<TaskRow> {
  for (const name of ['import_from', 'import_from_format', 'image_properties'])
    if (!Object.hasOwn(input, name)) throw invalid(`Input does not contain '${name}' field`)
  const { import_from: uri, image_properties: properties } = input
  enforce(ctx, 'add_image', undefined, forbiddenWording)
  assertFetchable(uri, imports.downloads)
  assertValid(ImageBody, 'body', properties)
  const image = await createImage(ctx, tx, properties as ImageDocument)
  if (image.disk_format === null || image.container_format === null) throw invalid('disk_format and container_format must be set')
  return acceptImport(ctx, tx, { image, type: 'import', input, work: { uri, ofTask: true }, imports })
}

async function importToImage(ctx: CloudContext, tx: Tx, input: NewTask['input'], imports: Imports): Promise<TaskRow> {
  const { image_id: id, import_req: request } = input
  if (typeof id !== 'string') throw invalid("Input does not contain 'image_id' field")
  const task = await importImage(ctx, tx, { id, request, imports })
  if (!task) throw invalid('There is nothing to import: the image is in all stores.')
  return task
}
