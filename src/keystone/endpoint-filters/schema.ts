import { Type } from 'typebox'
import { is } from '../attributes.ts'
import { page, text } from '../lists.ts'

const fields = {
  name: is.name(255),
  description: is.textOrNull,
  // What is not known here is refused by name; see `validFilters`.
  filters: Type.Record(Type.String(), Type.Unknown()),
}

export const CreateEndpointGroup = Type.Object({
  endpoint_group: Type.Object({ ...fields, description: Type.Optional(fields.description) }),
})
export const UpdateEndpointGroup = Type.Object({ endpoint_group: Type.Partial(Type.Object(fields), { minProperties: 1 }) })
export const EndpointGroupQuery = Type.Object({ ...page, name: text })
