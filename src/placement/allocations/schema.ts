import { Type } from 'typebox'
import { ClassName, Generation, Uuid, UuidKey } from '../patterns.ts'

const closed = { additionalProperties: false }
const resources = Type.Record(ClassName, Type.Integer({ minimum: 1 }), { ...closed, minProperties: 1 })
const id = Type.String({ minLength: 1, maxLength: 255 })

const listed = Type.Array(Type.Object({ resource_provider: Type.Object({ uuid: Uuid }, closed), resources }, closed), { minItems: 1 })

/** Until 1.7: a list that does not say whose it is. */
export const OwnerlessAllocations = Type.Object({ allocations: listed }, closed)
/** Until 1.11. */
export const ListedAllocations = Type.Object({ allocations: listed, project_id: id, user_id: id }, closed)

const byProvider = (options: object) =>
  Type.Record(UuidKey, Type.Object({ generation: Type.Optional(Generation), resources }, closed), { ...closed, ...options })
const suffix = Type.String({ pattern: '^[a-zA-Z0-9_-]{1,64}$' })

const owned = {
  project_id: id,
  user_id: id,
  consumer_generation: Type.Union([Generation, Type.Null()], { since: '1.28' }),
  mappings: Type.Optional(Type.Record(suffix, Type.Array(Uuid, { minItems: 1 }), { minProperties: 1, since: '1.34' })),
  consumer_type: Type.String({ pattern: '^[A-Z0-9_]+$', minLength: 1, maxLength: 255, since: '1.38' }),
}

/** From 1.12 to 1.27: by provider, and never none. */
export const SomeAllocations = Type.Object({ allocations: byProvider({ minProperties: 1 }), ...owned }, closed)
/** Since 1.28, and for several consumers at once: none means that the consumer gives all back. */
export const AnyAllocations = Type.Object({ allocations: byProvider({}), ...owned }, closed)
export type AnyAllocations = Type.Static<typeof AnyAllocations>

export const ManyConsumers = Type.Record(UuidKey, AnyAllocations, { ...closed, minProperties: 1 })
export const AnyConsumers = Type.Record(UuidKey, AnyAllocations, closed)
