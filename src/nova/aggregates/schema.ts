import { Type } from 'typebox'
import { inEnvelope, Name } from '../schema-types.ts'

const Zone = Type.Unsafe<string | null>({ type: ['string', 'null'], minLength: 1, maxLength: 255, pattern: '^[^:]*$' })

export const CreateAggregate = inEnvelope(
  'aggregate',
  Type.Object({ name: Name, availability_zone: Type.Optional(Zone) }, { additionalProperties: false }),
)
export const UpdateAggregate = inEnvelope(
  'aggregate',
  Type.Object({ name: Type.Optional(Name), availability_zone: Type.Optional(Zone) }, { additionalProperties: false, minProperties: 1 }),
)

const Host = Type.Object({ host: Type.String({ minLength: 1, maxLength: 255 }) }, { additionalProperties: false })
export const AddHost = inEnvelope('add_host', Host)
export const RemoveHost = inEnvelope('remove_host', Host)

const Metadata = Type.Unsafe<Record<string, string | null>>({
  type: 'object',
  patternProperties: { '^[a-zA-Z0-9\\-_:. ]{1,255}$': { type: ['string', 'null'], maxLength: 255 } },
  additionalProperties: false,
})
export const SetMetadata = inEnvelope('set_metadata', Type.Object({ metadata: Metadata }, { additionalProperties: false }))
