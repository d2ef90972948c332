import { Type, type Static } from 'typebox'
import { AddressText, owner, ShortText, Uuid } from '../values.ts'

const uuidOrNull = Type.Optional(Type.Union([Uuid, Type.Null()]))
const addressOrNull = Type.Optional(Type.Union([AddressText, Type.Null()]))
const fields = { port_id: uuidOrNull, fixed_ip_address: addressOrNull, description: Type.Optional(ShortText) }

const NewFloatingIp = Type.Object(
  { ...fields, ...owner, floating_network_id: Uuid, floating_ip_address: addressOrNull, subnet_id: uuidOrNull },
  { additionalProperties: false },
)
const FloatingIpChange = Type.Object(fields, { additionalProperties: false })
export type NewFloatingIpBody = Static<typeof NewFloatingIp>
export type FloatingIpChangeBody = Static<typeof FloatingIpChange>

export const CreateFloatingIps = Type.Object(
  { floatingip: Type.Optional(NewFloatingIp), floatingips: Type.Optional(Type.Array(NewFloatingIp)) },
  { additionalProperties: false },
)
export const UpdateFloatingIp = Type.Object({ floatingip: FloatingIpChange }, { additionalProperties: false })
