import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Client } from './client.ts'

/** Queues an image and answers its id. */
export async function anImage(client: Client, attributes: object = {}): Promise<string> {
  const { status, body } = await client.post('/image/v2/images', {
    name: 'an image',
    disk_format: 'raw',
    container_format: 'bare',
    ...attributes,
  })
  if (status !== 201) throw new Error(`an image can not be made: ${status} ${JSON.stringify(body)}`)
  return body.id as string
}

/** Sends bytes to an image. */
export async function upload(
  client: Client,
  id: string,
  bytes: RequestInit['body'],
  headers: Record<string, string> = {},
  to = 'file',
): Promise<Response> {
  return client.request('PUT', `/image/v2/images/${id}/${to}`, {
    body: bytes,
    headers: { 'content-type': 'application/octet-stream', ...headers },
  })
}

/** Queues an image and gives it bytes. */
export async function anActiveImage(client: Client, attributes: object = {}, bytes = 'bytes'): Promise<string> {
  const id = await anImage(client, attributes)
  const { status } = await upload(client, id, bytes)
  if (status !== 204) throw new Error(`an image can not be uploaded: ${status}`)
  return id
}

/** Sends a stream to `url` no faster than it is taken, which fetch does not promise. Answers the status. */
export async function sendStream(url: string, token: string, source: AsyncIterable<Buffer>): Promise<number> {
  const sending = request(url, { method: 'PUT', headers: { 'x-auth-token': token, 'content-type': 'application/octet-stream' } })
  const answered = once(sending, 'response') as Promise<[IncomingMessage]>
  await pipeline(source, sending)
  const [response] = await answered
  response.resume()
  return response.statusCode ?? 0
}
