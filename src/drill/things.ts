import type { Asked } from './ledger.ts'
import type { Place } from './place.ts'

/** What the drill asks for. */
export type ThingName = 'server' | 'port' | 'floating IP' | 'security group'

export interface Thing {
  readonly collection: string
  /** The key of one in a body, and of several. */
  readonly one: string
  readonly many: string
  /** Where the drill's name of it stands. */
  readonly nameField: 'name' | 'description'
  /** What to ask for; `port` is one that a floating IP may lead to. */
  body(place: Place, port: Asked | undefined): Readonly<Record<string, unknown>>
}

/** Every kind of change that the load makes. */
export const things: Readonly<Record<ThingName, Thing>> = {
  server: {
    collection: '/compute/v2.1/servers',
    one: 'server',
    many: 'servers',
    nameField: 'name',
    body: ({ flavorId, imageId, networkId }) => ({ flavorRef: flavorId, imageRef: imageId, networks: [{ uuid: networkId }] }),
  },
  port: {
    collection: '/networking/v2.0/ports',
    one: 'port',
    many: 'ports',
    nameField: 'name',
    body: ({ networkId }) => ({ network_id: networkId }),
  },
  'floating IP': {
    collection: '/networking/v2.0/floatingips',
    one: 'floatingip',
    many: 'floatingips',
    nameField: 'description',
    body: ({ outsideId }, port) => ({ floating_network_id: outsideId, ...(port && { port_id: port.id }) }),
  },
  'security group': {
    collection: '/networking/v2.0/security-groups',
    one: 'security_group',
    many: 'security_groups',
    nameField: 'name',
    body: () => ({}),
  },
}

/** How the names of all that the load makes begin. */
export const namePrefix = 'drill-'
