import { insistently } from './bucket-place.ts'
import type { S3mini } from 's3mini'

/** An upload in parts that nobody completed yet. */
export interface UnfinishedUpload {
  readonly key: string
  readonly uploadId: string
  readonly begunAt: Date
}

// As the service writes it; the library's type has other names.
interface Listing {
  readonly ListMultipartUploadsResult?: {
    readonly IsTruncated?: string
    readonly NextKeyMarker?: string
    readonly NextUploadIdMarker?: string
    readonly Upload?: Listed | readonly Listed[]
  }
}
interface Listed {
  readonly Key: string
  readonly UploadId: string
  readonly Initiated: string
}

/** All that there are in the bucket. */
export async function unfinishedUploads(s3: S3mini): Promise<UnfinishedUpload[]> {
  const found: UnfinishedUpload[] = []
  let after: Record<string, string> = {}
  for (;;) {
    const answer = (await insistently(() => s3.listMultipartUploads('/', '', 'GET', after))) as Listing
    const { Upload = [], IsTruncated, NextKeyMarker = '', NextUploadIdMarker = '' } = answer.ListMultipartUploadsResult ?? {}
    for (const { Key, UploadId, Initiated } of [Upload].flat() as readonly Listed[])
      found.push({ key: Key, uploadId: UploadId, begunAt: new Date(Initiated) })
    if (IsTruncated !== 'true') return found
    after = { 'key-marker': NextKeyMarker, 'upload-id-marker': NextUploadIdMarker }
  }
}
