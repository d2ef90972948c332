import type { Client } from './client.ts'

/** Queues an image and answers its id. */
export async function anImage(client: Client, attributes: object = {}): Promise<string> {
  const { status, body } = await client.post('/image/v2/images', { name: 'an image', disk_format: 'raw', container_format: 'bare', ...attributes })
  if (status !== 201) throw new Error(`an image can not be made: ${status} ${JSON.stringify(body)}`)
  return body.id as string
}

/** Sends bytes to an image. */
export async function upload(client: Client, id: string, bytes: RequestInit['body'], headers: Record<string, string> = {}, to = 'file'): Promise<Response> {
  return client.request('PUT', `/image/v2/images/${id}/${to}`, { body: bytes, headers: { 'content-type': 'application/octet-stream', ...headers } })
}

/** Queues an image and gives it bytes. */
export async function anActiveImage(client: Client, attributes: object = {}, bytes = 'bytes'): Promise<string> {
  const id = await anImage(client, attributes)
  const { status } = await upload(client, id, bytes)
  if (status !== 204) throw new Error(`an image can not be uploaded: ${status}`)
  return id
}
