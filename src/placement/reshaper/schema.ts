import { Type } from 'typebox'
import { AnyConsumers } from '../allocations/schema.ts'
import { PutInventories } from '../inventories/schema.ts'
import { UuidKey } from '../patterns.ts'

const closed = { additionalProperties: false }

export const Reshape = Type.Object(
  { inventories: Type.Record(UuidKey, PutInventories, { ...closed, minProperties: 1 }), allocations: AnyConsumers },
  closed,
)
export type Reshape = Type.Static<typeof Reshape>
