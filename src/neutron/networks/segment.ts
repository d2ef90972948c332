import { conflict, type Fault } from '../../kernel/errors.ts'
import { invalidInput } from '../refusals.ts'
import type { Context } from '../../kernel/context.ts'

/** How a network is realized. */
export interface Segment {
  readonly type: string
  readonly physicalNetwork: string | null
  readonly id: number | null
}

const tunnels = new Set(['vxlan', 'gre', 'geneve'])
const largest: Readonly<Record<string, number>> = { vxlan: 16777215, geneve: 16777215, gre: 16777215, vlan: 4094 }

/** The segment that an admin asks for, or a kind without its number; refuses what no network can have. */
export function wantedSegment(given: {
  type?: string | undefined
  physicalNetwork?: string | null | undefined
  id?: number | null | undefined
}): Segment {
  const type = given.type ?? 'vxlan'
  const physicalNetwork = given.physicalNetwork ?? null
  const id = given.id ?? null
  if (given.type === undefined && (physicalNetwork !== null || id !== null)) throw invalidInput('network_type required')
  if (!tunnels.has(type) && !['vlan', 'flat', 'local'].includes(type)) throw invalidInput(`network_type value '${type}' not supported`)
  if (tunnels.has(type) && physicalNetwork !== null) throw invalidInput(`provider:physical_network specified for ${type} network`)
  if (type === 'flat' && physicalNetwork === null) throw invalidInput('physical_network required for flat provider network')
  if (type === 'vlan' && physicalNetwork === null) throw invalidInput('physical_network required for VLAN provider network')
  if ((type === 'flat' || type === 'local') && id !== null) throw invalidInput(`segmentation_id prohibited for ${type} provider network`)
  const most = largest[type] ?? 0
  if (id !== null && (id < 1 || id > most)) throw invalidInput(`segmentation_id out of range (1 through ${most})`)
  return { type, physicalNetwork, id }
}

/** The segment with a number, chosen by chance where none was asked for. */
export function numbered(ctx: Context, segment: Segment): Segment {
  const most = largest[segment.type]
  return most === undefined || segment.id !== null ? segment : { ...segment, id: 1 + Math.floor(ctx.ids.chance() * most) }
}

/** The segment as a key that no two networks share. Local networks share nothing, so theirs is the network itself. */
export const segmentKey = (segment: Segment, networkId: string): string =>
  segment.type === 'local' ? `local:${networkId}` : `${segment.type}:${segment.physicalNetwork ?? ''}:${segment.id ?? ''}`

export function segmentInUse({ type, physicalNetwork, id }: Segment): Fault {
  if (type === 'flat')
    return conflict(`Unable to create the flat network. Physical network ${physicalNetwork} is in use.`, { type: 'FlatNetworkInUse' })
  if (type === 'vlan') {
    return conflict(`Unable to create the network. The VLAN ${id} on physical network ${physicalNetwork} is in use.`, {
      type: 'VlanIdInUse',
    })
  }
  return conflict(`Unable to create the network. The tunnel ID ${id} is in use.`, { type: 'TunnelIdInUse' })
}

/** The largest packet that the segment carries, in bytes, on a physical network of 1500. */
export const defaultMtu = ({ type }: Segment): number => (tunnels.has(type) ? 1450 : 1500)
