import { Type } from 'typebox'
import { is, partly } from '../attributes.ts'
import { page, text } from '../lists.ts'

const regionId = Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 255 })

export const RegionFields = partly({ description: is.textOrNull, parent_region_id: regionId })
export const CreateRegion = Type.Object({
  region: Type.Object({ ...RegionFields.properties, id: Type.Optional(Type.String({ maxLength: 255 })) }),
})
export const UpdateRegion = Type.Object({ region: RegionFields })
export const RegionQuery = Type.Object({ ...page, parent_region_id: text })
