import { attachFile, insertImage, wasEver } from '../images/store.ts'
import { emptyDisk } from './cirros.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import type { ImageStore, StoredFile } from '../image-store/image-store.ts'

// The same in every cloud, so that seeding twice, or twice at once, makes one image; and one that was deleted stays so.
const imageId = '6d0c3c4e-3a8b-4f0e-9b4e-63c1a0b50603'
const imageName = 'cirros-0.6.3-x86_64-disk'

/** Writes the bytes of the image that a new cloud has; undefined when it has it. To be done before the transaction that seeds. */
export async function writeSeedFile(ctx: Context, store: ImageStore): Promise<StoredFile | undefined> {
  if (await wasEver(ctx.db, imageId)) return undefined
  const bytes = async function* () {
    yield emptyDisk()
  }
  return store.write(bytes(), { name: ctx.ids.uuid(), maxBytes: 2 ** 20 })
}

/** Makes a public image of the seed file, once. A file that comes too late is removed by upkeep. */
export async function seedImages(
  ctx: Context,
  tx: Tx,
  { projectId, file }: { projectId: string; file: StoredFile | undefined },
): Promise<void> {
  if (!file) return
  const choices = {
    name: imageName,
    owner: projectId,
    visibility: 'public',
    disk_format: 'qcow2',
    container_format: 'bare',
    min_disk_gb: 0,
    min_ram_mb: 0,
    protected: false,
    os_hidden: false,
    properties: { hw_rng_model: 'virtio' },
    tags: [],
  } as const
  if (await insertImage(ctx, tx, imageId, choices)) await attachFile(ctx, tx, { id: imageId, file, from: 'queued', to: 'active' })
}
