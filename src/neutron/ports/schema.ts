import { Type, type Static } from 'typebox'
import { AddressText, CidrText, FlagInput, MacAddress, owner, ShortText, Uuid } from '../values.ts'

const FixedIp = Type.Object({ subnet_id: Type.Optional(Uuid), ip_address: Type.Optional(AddressText) }, { additionalProperties: false })
const AddressPair = Type.Object({ ip_address: CidrText, mac_address: Type.Optional(MacAddress) }, { additionalProperties: false })
const DhcpOption = Type.Object(
  {
    opt_name: Type.String({ minLength: 1, maxLength: 64 }),
    opt_value: Type.Union([Type.Null(), ShortText]),
    ip_version: Type.Optional(Type.Union([Type.Enum([4, 6]), Type.Enum(['4', '6'])])),
  },
  { additionalProperties: false },
)
const VnicType = Type.Enum(['normal', 'direct', 'macvtap', 'baremetal', 'direct-physical', 'virtio-forwarder', 'smart-nic', 'vdpa'])

const writable = {
  name: Type.Optional(ShortText),
  description: Type.Optional(ShortText),
  admin_state_up: Type.Optional(FlagInput),
  mac_address: Type.Optional(Type.Union([Type.Null(), MacAddress])),
  fixed_ips: Type.Optional(Type.Union([Type.Null(), Type.Array(FixedIp, { maxItems: 100 })])),
  device_id: Type.Optional(ShortText),
  device_owner: Type.Optional(ShortText),
  security_groups: Type.Optional(Type.Union([Type.Null(), Type.Array(Uuid, { maxItems: 100 })])),
  port_security_enabled: Type.Optional(FlagInput),
  allowed_address_pairs: Type.Optional(Type.Union([Type.Null(), Type.Array(AddressPair, { maxItems: 1000 })])),
  extra_dhcp_opts: Type.Optional(Type.Union([Type.Null(), Type.Array(DhcpOption, { maxItems: 100 })])),
  dns_name: Type.Optional(ShortText),
  'binding:host_id': Type.Optional(Type.Union([Type.Null(), ShortText])),
  'binding:profile': Type.Optional(Type.Union([Type.Null(), Type.Object({})])),
  'binding:vnic_type': Type.Optional(VnicType),
}

const NewPort = Type.Object(
  {
    ...writable,
    ...owner,
    network_id: Uuid,
    tags: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { maxItems: 50 })),
  },
  { additionalProperties: false },
)
const PortChange = Type.Object(writable, { additionalProperties: false })

export type NewPortBody = Static<typeof NewPort>
export type PortChange = Static<typeof PortChange>

export const CreatePorts = Type.Object(
  { port: Type.Optional(NewPort), ports: Type.Optional(Type.Array(NewPort)) },
  { additionalProperties: false },
)
export const UpdatePort = Type.Object({ port: PortChange }, { additionalProperties: false })
