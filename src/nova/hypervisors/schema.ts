import { Type, type Static } from 'typebox'
import { Digits, Flag } from '../schema-types.ts'

export const HypervisorList = Type.Object({
  limit: Type.Optional(Digits),
  marker: Type.Optional(Type.String({ maxLength: 255 })),
  hypervisor_hostname_pattern: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  with_servers: Type.Optional(Flag),
})
export type HypervisorListQuery = Static<typeof HypervisorList>

export const HypervisorShow = Type.Object({ with_servers: Type.Optional(Flag) })
