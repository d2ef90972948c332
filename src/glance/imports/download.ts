import { lookup } from 'node:dns/promises'
import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { Fault, forbidden, invalid, tooLarge } from '../../kernel/errors.ts'
import { addressIn, chosenAddress, portOf, readUri, type DownloadRules } from './uri-rules.ts'
import type { Context } from '../../kernel/context.ts'
import type { StoredFile } from '../image-store/image-store.ts'
import type { ImportPlace } from './imports.ts'

interface Source {
  readonly uri: string
  /** How often the work was begun, this time included. */
  readonly attempts: number
  readonly signal: AbortSignal
}

const mostRedirects = 5
/** How long a server may be silent, and how long a download may take, in milliseconds. */
const silenceMs = 30_000
const longestMs = 2 * 3600_000
/** How often a server that fails is asked. */
const mostAttempts = 4

/**
 * Fetches bytes over HTTP to a new file. Every connection, also one that a redirect leads to, goes to an address that was judged.
 * Refuses with a Fault that says what the server did; a server that can't be reached is an outage for a few attempts.
 */
export async function download(ctx: Context, place: ImportPlace, { uri, attempts, signal }: Source): Promise<StoredFile> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(longestMs)])
  try {
    const incoming = await follow(uri, place.downloads, bounded)
    const { store, maxImageBytes } = place
    if (Number(incoming.headers['content-length'] ?? 0) > maxImageBytes) {
      incoming.destroy()
      throw tooLarge(`The incoming image is too large: more than ${maxImageBytes} bytes.`)
    }
    return await store.write(incoming, { name: ctx.ids.uuid(), maxBytes: maxImageBytes })
  } catch (error) {
    if (error instanceof Fault) throw error
    throw outage(error as NodeJS.ErrnoException, { attempts, tooLong: bounded.aborted && !signal.aborted })
  }
}

async function follow(start: string, rules: DownloadRules, signal: AbortSignal): Promise<IncomingMessage> {
  let text = start
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const uri = readUri(text, rules)
    if (!uri) throw forbidden(`URI for web-download does not pass filtering: ${withoutQuery(text)}`)
    const incoming = await ask(uri, await addressOf(uri, rules), signal)
    const { statusCode = 0, headers } = incoming
    if (statusCode === 200) return incoming
    incoming.destroy()
    if (statusCode >= 500) throw new Error(`its server fails: HTTP ${statusCode}`)
    if (![301, 302, 303, 307, 308].includes(statusCode) || !headers.location)
      throw invalid(`The image can not be fetched: HTTP ${statusCode}`)
    if (!URL.canParse(headers.location, uri.href)) throw invalid('The image can not be fetched: its server sends a redirect to nowhere.')
    text = new URL(headers.location, uri).href
  }
  throw invalid(`The image can not be fetched: more than ${mostRedirects} redirects.`)
}

/** The address to connect to. */
async function addressOf(uri: URL, rules: DownloadRules): Promise<string> {
  const literal = addressIn(uri)
  const addresses = literal === undefined ? (await lookup(uri.hostname, { all: true })).map(({ address }) => address) : [literal]
  const address = chosenAddress(addresses, portOf(uri), rules)
  if (address === undefined) throw forbidden(`URI for web-download does not pass filtering: ${withoutQuery(uri.href)}`)
  return address
}

/** Asks the server at this address, by the name that the URI has for it. */
async function ask(uri: URL, address: string, signal: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const secure = uri.protocol === 'https:'
  const outgoing = (secure ? requestHttps : requestHttp)(
    {
      host: address,
      port: portOf(uri),
      path: `${uri.pathname}${uri.search}`,
      headers: { host: uri.host, accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'skykeel-glance' },
      agent: false,
      signal,
      timeout: silenceMs,
      ...(secure && addressIn(uri) === undefined && { servername: uri.hostname }),
    },
    resolve,
  )
  outgoing.on('timeout', () => outgoing.destroy(new Error(`no byte came for ${silenceMs / 1000} seconds`)))
  outgoing.on('error', reject)
  outgoing.end()
  return promise
}

/** What follows may be a secret, and this goes into logs. */
const withoutQuery = (uri: string): string => uri.split(/[?#]/, 1)[0]!.slice(0, 512)

/** A Fault when it is no use to try again. */
function outage(error: NodeJS.ErrnoException, { attempts, tooLong }: { attempts: number; tooLong: boolean }): Error {
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT')
    return tooLarge('Image storage media is full: There is not enough disk space on the image storage media.')
  if (tooLong) return invalid(`The image can not be fetched: it took more than ${longestMs / 3600_000} hours.`)
  if (attempts >= mostAttempts) return invalid(`The image can not be fetched: ${error.code ?? error.message}`)
  return error
}
