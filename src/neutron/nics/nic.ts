import { createHash } from 'node:crypto'

/** What a client of nova asks for one network interface. */
export interface NicRequest {
  readonly networkId?: string
  readonly portId?: string
  readonly fixedIp?: string
  readonly tag?: string
}

/** One interface of a server to be, checked: plain JSON, good for any number of servers unless it names a port. */
export interface NicPlan {
  /** Names this interface among the server's, so that plugging it twice makes one port. */
  readonly id: string
  readonly networkId: string
  /** A port that exists; without it one is made. */
  readonly portId?: string
  readonly fixedIp?: string
  readonly tag?: string
  /** For a port to be made; left out: the project's default group. */
  readonly securityGroupIds?: readonly string[]
}

/** An interface of a server, as nova shows it. */
export interface ServerNic {
  readonly portId: string
  readonly networkId: string
  readonly networkName: string
  readonly mac: string
  readonly state: 'ACTIVE' | 'DOWN'
  readonly fixedIps: readonly { readonly address: string; readonly version: 4 | 6; readonly subnetId: string }[]
  readonly floatingIps: readonly { readonly address: string; readonly fixedAddress: string }[]
  readonly securityGroups: readonly { readonly id: string; readonly name: string }[]
}

/** The id of the port that is made for this interface of this server: always the same one. */
export function portIdFor(serverId: string, nicId: string): string {
  const hash = createHash('sha256').update(`${serverId} ${nicId}`).digest('hex')
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}
