import type { IncomingMessage } from 'node:http'
import { invalid, tooLarge, unsupportedMedia } from '../errors.ts'

/** The largest JSON body, in bytes: oslo.middleware's default, and what HAProxy can repeat with a 128 KiB buffer. */
export const maxBodyBytes = 114_688

/** Reads a whole body, refusing one that is too large before keeping it. */
export async function readBody(incoming: IncomingMessage, limitBytes = maxBodyBytes): Promise<Buffer> {
  const declared = Number(incoming.headers['content-length'] ?? 0)
  if (declared > limitBytes) throw tooLarge(`Request is too large. Larger than ${limitBytes} bytes.`)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > limitBytes) throw tooLarge(`Request is too large. Larger than ${limitBytes} bytes.`)
    chunks.push(chunk)
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}

const jsonMedia = /^application\/json\b/i

/** How deep a JSON body may nest: no API needs more than a few levels, and code that follows them must not run out of stack. */
const maxDepth = 100

const nestsDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' && value !== null && (levels === 0 || Object.values(value).some((inner) => nestsDeeper(inner, levels - 1)))

/** Parses a JSON body. No database keeps a NUL character, so text with one is refused here for all. */
export function parseJson(body: Buffer, contentType: string | undefined, media: RegExp = jsonMedia): unknown {
  if (contentType !== undefined && !media.test(contentType))
    throw unsupportedMedia(`Unsupported Content-Type: ${contentType.slice(0, 100)}`)
  let value: unknown
  const text = body.toString('utf8')
  try {
    value = JSON.parse(text)
  } catch {
    throw invalid(
      'The server could not comply with the request since it is either malformed or otherwise incorrect: the body is not JSON.',
      {
        type: 'malformed',
      },
    )
  }
  if (nestsDeeper(value, maxDepth)) throw invalid('The body nests too deep.', { type: 'malformed' })
  if (text.includes('\\u0000') && JSON.stringify(value).includes('\\u0000'))
    throw invalid('Null characters are not allowed.', { type: 'malformed' })
  return value
}
