import { gone, unavailable } from '../../../kernel/errors.ts'
import { afterCommit } from '../../../kernel/sql/transaction.ts'
import { assertFormat } from '../../formats/assert-format.ts'
import { imageById, type Image } from '../../images/store.ts'
import { forget } from '../../image-store/forget.ts'
import { download } from '../download.ts'
import { importRole, type ImportPlace, type ImportWork } from '../imports.ts'
import type { Context } from '../../../kernel/context.ts'
import type { LongStep, Work } from '../../../kernel/sagas/saga.ts'
import type { StoredFile } from '../../image-store/image-store.ts'

/** What the step hands on: a file that no image names yet, or nothing when the bytes were staged. */
export interface Fetched {
  readonly file?: StoredFile
}

/** Gets the bytes and looks at them. Each run writes a file of its own, so that none meets what a dead one left. */
export const fetchBytes = (place: ImportPlace): LongStep<ImportWork> => ({
  name: 'fetch bytes',
  role: importRole,
  async act(ctx, { subject, input, attempts }, signal): Promise<Fetched> {
    const image = await imageById(ctx.db, subject)
    if (!image) throw gone(`Image ${subject} has been deleted, aborting import.`)
    if (input.uri === undefined) return inspectStaged(place, image)
    const file = await download(ctx, place, { uri: input.uri, attempts, signal })
    return { file: await inspected(ctx, place, image, file) }
  },
  async undo(ctx, tx, { results }: Work<ImportWork>) {
    const { file } = (results['fetch bytes'] ?? {}) as Fetched
    if (file) afterCommit(tx, () => forget(ctx, place.store, file.name))
  },
})

async function inspectStaged({ store }: ImportPlace, image: Image): Promise<Fetched> {
  const facts = image.file_name === null ? undefined : await store.inspect(image.file_name)
  if (!facts) throw unavailable(`The staged bytes of image ${image.id} can not be read at the moment.`)
  assertFormat(image, facts)
  return {}
}

async function inspected(ctx: Context, { store }: ImportPlace, image: Image, file: StoredFile): Promise<StoredFile> {
  try {
    assertFormat(image, file.disk)
    return file
  } catch (error) {
    forget(ctx, store, file.name)
    throw error
  }
}
