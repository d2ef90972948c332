import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { durationOf } from './measure.ts'

const chunk = randomBytes(2 ** 20)

/** Sends so many bytes by PUT, no faster than they are taken. Returns how long it took, in milliseconds; throws on a refusal. */
export const send = (url: string, sizeBytes: number, token = ''): Promise<number> =>
  durationOf(async () => {
    const headers = { 'x-auth-token': token, 'content-type': 'application/octet-stream', 'content-length': sizeBytes }
    const sending = request(url, { method: 'PUT', headers })
    const answered = once(sending, 'response') as Promise<[IncomingMessage]>
    await pipeline(bytes(sizeBytes), sending)
    const [response] = await answered
    response.resume()
    if (response.statusCode !== 204) throw new Error(`PUT ${url} answers ${response.statusCode}`)
  })

/** Fetches bytes and forgets them. Returns how long it took, in milliseconds; throws when they are not so many. */
export const fetchBytes = (url: string, sizeBytes: number, token = ''): Promise<number> =>
  durationOf(async () => {
    const asking = request(url, { headers: { 'x-auth-token': token } })
    asking.end()
    const [response] = (await once(asking, 'response')) as [IncomingMessage]
    let count = 0
    for await (const part of response) count += (part as Buffer).length
    if (count !== sizeBytes) throw new Error(`GET ${url} answers ${response.statusCode} and ${count} bytes`)
  })

function* bytes(sizeBytes: number): Generator<Buffer> {
  for (let left = sizeBytes; left > 0; left -= chunk.length) yield left < chunk.length ? chunk.subarray(0, left) : chunk
}
