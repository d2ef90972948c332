import { Type, type Static } from 'typebox'
import { Flag } from '../schema-types.ts'

const text = Type.String({ minLength: 1, maxLength: 255 })

export const ServiceList = Type.Object({ host: Type.Optional(Type.String()), binary: Type.Optional(Type.String()) })

/** Until 2.52 a service was named by its host and program, and the path said what to do. */
export const ActOnService = Type.Object(
  {
    host: text,
    binary: text,
    disabled_reason: Type.Optional(text),
    forced_down: Type.Optional(Type.Unsafe<boolean | string>({ ...Flag, since: '2.11' })),
  },
  { additionalProperties: false },
)
export type ActOnServiceBody = Static<typeof ActOnService>

export const UpdateService = Type.Object(
  { status: Type.Optional(Type.Enum(['enabled', 'disabled'])), disabled_reason: Type.Optional(text), forced_down: Type.Optional(Flag) },
  { additionalProperties: false },
)
export type UpdateServiceBody = Static<typeof UpdateService>
