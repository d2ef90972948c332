import { Type } from 'typebox'
import { is, partly } from '../attributes.ts'
import { page, text } from '../lists.ts'
import type { Interface } from '../catalog/tables.ts'

const regionId = Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 255 })

const fields = {
  service_id: is.id,
  interface: Type.Unsafe<Interface>({ type: 'string', enum: ['admin', 'internal', 'public'] }),
  url: Type.String({ minLength: 1, maxLength: 2000, pattern: '^([a-zA-Z][\\w+.-]*://|[$%]\\(\\w+\\)s)' }),
  region_id: regionId,
  /** What region_id was called before; makes the region if it is not there. */
  region: regionId,
  enabled: is.flag,
}

export const EndpointFields = partly(fields)
export const CreateEndpoint = Type.Object({
  endpoint: Type.Object({ ...EndpointFields.properties, service_id: fields.service_id, interface: fields.interface, url: fields.url }),
})
export const UpdateEndpoint = Type.Object({ endpoint: EndpointFields })
export const EndpointQuery = Type.Object({ ...page, interface: text, service_id: text, region_id: text, region: text })
