import { Type } from 'typebox'
import { Generation, Uuid } from '../patterns.ts'

const uuids = Type.Array(Uuid, { uniqueItems: true })

/** Until 1.18: the bare list. */
export const BareAggregates = uuids
export const Aggregates = Type.Object({ resource_provider_generation: Generation, aggregates: uuids }, { additionalProperties: false })
