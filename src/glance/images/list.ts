import { isAdmin, projectOf, type CloudContext } from '../../cloud/context.ts'
import { invalid } from '../../kernel/errors.ts'
import { pageLinks } from '../page-links.ts'
import { searchImages } from './list-store.ts'
import { readSearch } from './search.ts'
import { wasDeleted, type Image } from './store.ts'
import { seenImage } from './visible.ts'
import type { Db } from '../../kernel/sql/tables.ts'

export interface ImagePage {
  readonly images: readonly Image[]
  readonly first: string
  readonly next: string | undefined
}

const path = '/v2/images'

/** One page of the images that the asker may see. */
export async function listImages(ctx: CloudContext, db: Db): Promise<ImagePage> {
  const query = ctx.request.search
  const search = readSearch(query)
  if (search.marker !== undefined) await assertMarker(ctx, db, search.marker)
  const found = await searchImages(db, { projectId: projectOf(ctx), seesAll: isAdmin(ctx.subject) }, search)
  const images = found.slice(0, search.limit)
  const more = found.length > images.length && images.length > 0
  return { images, ...pageLinks(path, query, more ? images.at(-1)!.id : undefined) }
}

// An image that was deleted since the page that it ended still marks its place.
async function assertMarker(ctx: CloudContext, db: Db, id: string): Promise<void> {
  const known = (await wasDeleted(db, id)) || (await seenImage(ctx, db, id)) !== undefined
  if (!known) throw invalid(`No image found with ID ${id.slice(0, 64)}`)
}
