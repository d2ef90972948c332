import { Fault, invalid, tooLarge, unavailable } from '../../kernel/errors.ts'
import type { IncomingMessage } from 'node:http'
import type { CloudContext } from '../../cloud/context.ts'
import type { ImageStore, StoredFile } from '../image-store/image-store.ts'

/** How long a client may be silent before its upload is given up, in milliseconds. */
const silenceMs = 60_000

/** How much of a refused upload is still read, so that the client gets to read why. */
const politeBytes = 8 * 2 ** 20

/** Streams a request's body to a new file. Every trouble becomes a Fault. */
export async function receive(
  ctx: CloudContext,
  { incoming, store, maxBytes }: { incoming: IncomingMessage; store: ImageStore; maxBytes: number },
): Promise<StoredFile> {
  incoming.setTimeout(silenceMs)
  try {
    const file = await store.write(bytesOf(incoming), { name: ctx.ids.uuid(), maxBytes })
    await assertSize(incoming, store, file)
    return file
  } catch (error) {
    throw error instanceof Fault ? error : faultOf(ctx, error as NodeJS.ErrnoException, incoming)
  }
}

/** Reads on for a while and forgets it: an answer to a client that still sends is easily lost. */
export async function discard(incoming: IncomingMessage): Promise<void> {
  let left = politeBytes
  try {
    for await (const chunk of bytesOf(incoming)) if ((left -= chunk.length) < 0) return
  } catch {
    // The client is gone, and nobody waits for the answer.
  }
}

// A body that is not read to its end must leave its connection open for the answer.
const bytesOf = (incoming: IncomingMessage): AsyncIterable<Buffer> => incoming.iterator({ destroyOnReturn: false })

async function assertSize(incoming: IncomingMessage, store: ImageStore, file: StoredFile): Promise<void> {
  const expected = incoming.headers['x-openstack-image-size']
  if (expected === undefined || Number(expected) === file.sizeBytes) return
  await store.remove(file.name)
  throw invalid(`The size of the image data, ${file.sizeBytes} bytes, does not match the expected size.`)
}

function faultOf(ctx: CloudContext, error: NodeJS.ErrnoException, incoming: IncomingMessage): Fault {
  if (incoming.destroyed && !incoming.complete) return invalid('The upload ended before all of its bytes were there.')
  ctx.log.error({ code: error.code, reason: error.message }, 'the image store can not be written')
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT')
    return tooLarge('Image storage media is full: There is not enough disk space on the image storage media.')
  return unavailable('The image store can not be written at the moment.', { retryAfterSeconds: 5 })
}
