import { Type } from 'typebox'
import { Generation } from '../patterns.ts'

const closed = { additionalProperties: false }

export const ListTraits = Type.Object({ name: Type.Optional(Type.String()), associated: Type.Optional(Type.String()) }, closed)
export type ListTraits = Type.Static<typeof ListTraits>

const trait = Type.String({ pattern: '^[A-Z0-9_]+$', minLength: 1, maxLength: 255 })
export const PutTraits = Type.Object({ resource_provider_generation: Generation, traits: Type.Array(trait, { uniqueItems: true }) }, closed)
