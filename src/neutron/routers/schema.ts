import { Type, type Static } from 'typebox'
import { AddressText, FlagInput, owner, ShortText, Uuid } from '../values.ts'

const GatewayInfo = Type.Object(
  {
    network_id: Type.Optional(Uuid),
    external_fixed_ips: Type.Optional(
      Type.Array(Type.Object({ subnet_id: Type.Optional(Uuid), ip_address: Type.Optional(AddressText) }, { additionalProperties: false })),
    ),
    enable_snat: Type.Optional(FlagInput),
  },
  { additionalProperties: false },
)
export type GatewayBody = Static<typeof GatewayInfo>

const RouteList = Type.Array(
  Type.Object({ destination: Type.String({ maxLength: 64 }), nexthop: Type.String({ maxLength: 64 }) }, { additionalProperties: false }),
)

const fields = {
  name: Type.Optional(ShortText),
  description: Type.Optional(ShortText),
  admin_state_up: Type.Optional(FlagInput),
  external_gateway_info: Type.Optional(Type.Union([GatewayInfo, Type.Null()])),
  distributed: Type.Optional(FlagInput),
  ha: Type.Optional(FlagInput),
}

const NewRouter = Type.Object(
  {
    ...fields,
    ...owner,
    availability_zone_hints: Type.Optional(Type.Array(ShortText, { maxItems: 32 })),
    flavor_id: Type.Optional(Type.Null()),
  },
  { additionalProperties: false },
)
const RouterChange = Type.Object(
  { ...fields, routes: Type.Optional(Type.Union([RouteList, Type.Null()])) },
  { additionalProperties: false },
)
export type NewRouterBody = Static<typeof NewRouter>
export type RouterChangeBody = Static<typeof RouterChange>

export const CreateRouters = Type.Object(
  { router: Type.Optional(NewRouter), routers: Type.Optional(Type.Array(NewRouter)) },
  { additionalProperties: false },
)
export const UpdateRouter = Type.Object({ router: RouterChange }, { additionalProperties: false })
export const ExtraRoutes = Type.Object(
  { router: Type.Object({ routes: RouteList }, { additionalProperties: false }) },
  { additionalProperties: false },
)
export const InterfaceInfo = Type.Object({ subnet_id: Type.Optional(Uuid), port_id: Type.Optional(Uuid) }, { additionalProperties: false })
