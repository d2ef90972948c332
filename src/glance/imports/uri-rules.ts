import { isIP } from 'node:net'
import { invalid } from '../../kernel/errors.ts'
import { readNetworks, type Networks } from '../../kernel/networks.ts'
import { isPublic } from './addresses.ts'

/** Where downloads may go. */
export interface DownloadRules {
  /** Ports that may be asked, beside those that belong to an allowed network. */
  readonly ports: readonly number[]
  /** Networks of the operator's own that may be asked, at any port, though they are not public. */
  readonly networks: Networks
}

/** The usual ports of the public internet, and these networks of one's own: 10.0.0.0/8. Throws for what is no network. */
export const downloadsFrom = (networks: readonly string[]): DownloadRules => ({ ports: [80, 443], networks: readNetworks(networks) })

/**
 * Refuses with `invalid` what no download may ask for. A host's name says nothing yet: its addresses are judged when they are known,
 * by who connects to them.
 */
export function assertFetchable(uri: unknown, rules: DownloadRules): asserts uri is string {
  if (typeof uri === 'string' && readUri(uri, rules)) return
  throw invalid(`URI for web-download does not pass filtering: ${String(uri).slice(0, 512)}`)
}

/** The URI, if a download may ask for it as far as its text tells. */
export function readUri(text: string, rules: DownloadRules): URL | undefined {
  const uri = URL.canParse(text) ? new URL(text) : undefined
  if (!uri || !(uri.protocol in defaultPorts) || uri.username !== '' || uri.password !== '' || uri.hostname === '') return undefined
  const address = addressIn(uri)
  if (address !== undefined) return mayConnect(address, portOf(uri), rules) ? uri : undefined
  return rules.ports.includes(portOf(uri)) || rules.networks.rules.length > 0 ? uri : undefined
}

/** Whether a connection to this very address may be made. */
export const mayConnect = (address: string, port: number, { ports, networks }: DownloadRules): boolean =>
  networks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4') || (ports.includes(port) && isPublic(address))

/** Which of a name's addresses to connect to. Undefined unless every one of them is allowed, so that it does not depend on luck. */
export const chosenAddress = (addresses: readonly string[], port: number, rules: DownloadRules): string | undefined =>
  addresses.every((address) => mayConnect(address, port, rules)) ? addresses[0] : undefined

const defaultPorts: Record<string, number> = { 'http:': 80, 'https:': 443 }

export const portOf = (uri: URL): number => (uri.port === '' ? defaultPorts[uri.protocol]! : Number(uri.port))

/** The address that stands in the URI instead of a name, in its usual form: URL has turned 0x7f.1 and the like into it. */
export function addressIn({ hostname }: URL): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return isIP(bare) === 0 ? undefined : bare
}
