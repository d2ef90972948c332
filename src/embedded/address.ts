import { isIPv6 } from 'node:net'
import type { Config } from '../config/settings.ts'
import { apiOf } from '../topology/services.ts'
import { freePort } from './supervisor/free-port.ts'
import { readRoster } from './supervisor/roster.ts'
import type { StateDir } from './supervisor/state-dir.ts'

type Address = Pick<Config, 'host' | 'port'>

/** Where clients reach the cloud. One that listens on all addresses is reached on this machine by loopback. */
export function rootUrlOf({ host, port }: Address): string {
  const named = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${isIPv6(named) ? `[${named}]` : named}:${port}`
}

/** Where clients log in. */
export const authUrlOf = (address: Address): string => `${rootUrlOf(address)}${apiOf('keystone-api').prefix}/v3`

/** The port that was asked for; 0 becomes the one that this cloud had last, or a free one. */
export async function chosenPort(dir: StateDir, { port }: Address): Promise<number> {
  if (port !== 0) return port
  const last = readRoster(dir)?.authUrl
  return last ? Number(new URL(last).port) : freePort()
}
