import { Type, type Static } from 'typebox'
import { FlagInput, IntegerInput, owner, ShortText } from '../values.ts'

const text = Type.Optional(ShortText)
const flag = Type.Optional(FlagInput)

const writable = {
  name: text,
  description: text,
  admin_state_up: flag,
  shared: flag,
  'router:external': flag,
  is_default: flag,
  mtu: Type.Optional(IntegerInput),
  port_security_enabled: flag,
  dns_domain: text,
  'provider:network_type': Type.Optional(Type.String({ maxLength: 32 })),
  'provider:physical_network': Type.Optional(Type.Union([Type.Null(), Type.String({ maxLength: 64 })])),
  'provider:segmentation_id': Type.Optional(Type.Union([Type.Null(), IntegerInput])),
}

const NewNetwork = Type.Object(
  { ...writable, ...owner, availability_zone_hints: Type.Optional(Type.Array(ShortText, { maxItems: 32 })) },
  { additionalProperties: false },
)
const NetworkChange = Type.Object(writable, { additionalProperties: false })

export type NewNetwork = Static<typeof NewNetwork>
export type NetworkChange = Static<typeof NetworkChange>

export const CreateNetworks = Type.Object(
  { network: Type.Optional(NewNetwork), networks: Type.Optional(Type.Array(NewNetwork)) },
  { additionalProperties: false },
)
export const UpdateNetwork = Type.Object({ network: NetworkChange }, { additionalProperties: false })
