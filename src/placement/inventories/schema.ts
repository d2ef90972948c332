import { Type } from 'typebox'
import { ClassName, Generation } from '../patterns.ts'
import { maxAmount } from './inventory.ts'

const amount = (minimum: number) => Type.Integer({ minimum, maximum: maxAmount })
const closed = { additionalProperties: false }

const fields = {
  total: amount(1),
  reserved: Type.Optional(amount(0)),
  min_unit: Type.Optional(amount(1)),
  max_unit: Type.Optional(amount(1)),
  step_size: Type.Optional(amount(1)),
  // The largest number of single precision, as the reference says.
  allocation_ratio: Type.Optional(Type.Number({ maximum: 3.40282e38 })),
}

const seen = { resource_provider_generation: Generation }
const seenPerhaps = { resource_provider_generation: Type.Optional(Generation) }

export const InventoryFields = Type.Object({ ...fields, ...seenPerhaps }, closed)
export type InventoryFields = Type.Static<typeof InventoryFields>

export const PostInventory = Type.Object({ ...fields, ...seenPerhaps, resource_class: ClassName }, closed)
export const PutInventory = Type.Object({ ...fields, ...seen }, closed)
export const PutInventories = Type.Object({ ...seen, inventories: Type.Record(ClassName, InventoryFields, closed) }, closed)
export type PutInventories = Type.Static<typeof PutInventories>
