import { Type, type Static } from 'typebox'

const Amount = Type.Integer({ minimum: 0, maximum: 2_147_483_647 })

/** One agent's word: these hosts are alive, and this is what they have. */
export const HostReports = Type.Object({
  agent: Type.String({ minLength: 1, maxLength: 255 }),
  hosts: Type.Array(
    Type.Object({
      name: Type.String({ minLength: 1, maxLength: 200 }),
      driver: Type.String({ minLength: 1, maxLength: 64 }),
      resources: Type.Object({ vcpus: Amount, memoryMb: Amount, diskGb: Amount }),
      /** All guests of the host; left out in most reports. */
      guests: Type.Optional(Type.Array(Type.Object({ id: Type.String({ maxLength: 36 }), fence: Type.Integer() }))),
    }),
  ),
})
export type HostReports = Static<typeof HostReports>
export type HostReport = HostReports['hosts'][number]
