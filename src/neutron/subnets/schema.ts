import { Type, type Static } from 'typebox'
import { AddressText, CidrText, FlagInput, owner, ShortText, Uuid } from '../values.ts'

const Mode = Type.Union([Type.Null(), Type.Enum(['dhcpv6-stateful', 'dhcpv6-stateless', 'slaac'])])
const Pools = Type.Array(Type.Object({ start: AddressText, end: AddressText }, { additionalProperties: false }), { maxItems: 100 })
const Routes = Type.Array(Type.Object({ destination: CidrText, nexthop: AddressText }, { additionalProperties: false }), { maxItems: 100 })

const writable = {
  name: Type.Optional(ShortText),
  description: Type.Optional(ShortText),
  gateway_ip: Type.Optional(Type.Union([Type.Null(), AddressText])),
  enable_dhcp: Type.Optional(FlagInput),
  allocation_pools: Type.Optional(Pools),
  dns_nameservers: Type.Optional(Type.Union([Type.Null(), Type.Array(AddressText, { maxItems: 100 })])),
  host_routes: Type.Optional(Type.Union([Type.Null(), Routes])),
  service_types: Type.Optional(Type.Array(ShortText, { maxItems: 32 })),
}

const NewSubnet = Type.Object(
  {
    ...writable,
    ...owner,
    network_id: Uuid,
    ip_version: Type.Optional(Type.Union([Type.Enum([4, 6]), Type.Enum(['4', '6'])])),
    cidr: Type.Optional(Type.Union([Type.Null(), CidrText])),
    prefixlen: Type.Optional(Type.Union([Type.Integer(), Type.String({ pattern: '^[0-9]{1,3}$' })])),
    subnetpool_id: Type.Optional(Type.Union([Type.Null(), Uuid])),
    use_default_subnetpool: Type.Optional(FlagInput),
    ipv6_ra_mode: Type.Optional(Mode),
    ipv6_address_mode: Type.Optional(Mode),
  },
  { additionalProperties: false },
)
const SubnetChange = Type.Object(writable, { additionalProperties: false })

export type NewSubnet = Static<typeof NewSubnet>
export type SubnetChange = Static<typeof SubnetChange>

export const CreateSubnets = Type.Object(
  { subnet: Type.Optional(NewSubnet), subnets: Type.Optional(Type.Array(NewSubnet)) },
  { additionalProperties: false },
)
export const UpdateSubnet = Type.Object({ subnet: SubnetChange }, { additionalProperties: false })
