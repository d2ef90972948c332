import { Readable } from 'node:stream'
import { plain, route } from '../../cloud/service.ts'
import { unsupportedMedia } from '../../kernel/errors.ts'
import { flatten, noContent, type Answer } from '../../kernel/http/answer.ts'
import { downloadImage, type Download } from './download.ts'
import { uploadImage } from './upload.ts'
import type { IncomingMessage } from 'node:http'
import type { Route } from '../../kernel/http/route.ts'
import type { ImageStore } from '../image-store/image-store.ts'

export const fileRoutes = (store: ImageStore, maxBytes: number): readonly Route[] => [
  plain('PUT /v2/images/:id/file', {
    rule: 'upload_image',
    raw: true,
    async run(ctx, _db, { params, incoming }) {
      assertBytes(incoming)
      await uploadImage(ctx, { id: params.id, incoming, store, maxBytes, to: 'active', answer: flatten(noContent()) })
      return noContent()
    },
  }),
  route('GET /v2/images/:id/file', {
    rule: 'download_image',
    async run(ctx, db, { params }) {
      const download = await downloadImage(ctx, db, { id: params.id, store })
      return download ? answerOf(download, ctx.request.method) : noContent()
    },
  }),
  plain('PUT /v2/images/:id/stage', {
    rule: 'upload_image',
    raw: true,
    async run(ctx, _db, { params, incoming }) {
      assertBytes(incoming)
      await uploadImage(ctx, { id: params.id, incoming, store, maxBytes, to: 'uploading', answer: flatten(noContent()) })
      return noContent()
    },
  }),
]

function assertBytes(incoming: IncomingMessage): void {
  const type = (incoming.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  if (type !== 'application/octet-stream') throw unsupportedMedia('Image data must be sent as application/octet-stream.')
}

function answerOf({ stream, sizeBytes, md5, range }: Download, method: string): Answer {
  const whole = {
    'content-type': 'application/octet-stream',
    'content-length': String(sizeBytes),
    'content-md5': md5,
    'accept-ranges': 'bytes',
  }
  if (method === 'HEAD') stream.destroy()
  const body = method === 'HEAD' ? Readable.from([]) : stream
  if (!range) return { status: 200, headers: whole, stream: body }
  // The checksum is the whole file's, so a part goes without it.
  const { 'content-md5': _, ...part } = whole
  const { start, end } = range
  return {
    status: 206,
    headers: { ...part, 'content-length': String(end - start + 1), 'content-range': `bytes ${start}-${end}/${sizeBytes}` },
    stream: body,
  }
}
