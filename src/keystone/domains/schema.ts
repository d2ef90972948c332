import { Type } from 'typebox'
import { is, partly } from '../attributes.ts'
import { byName, flag, page } from '../lists.ts'
import { tagList } from '../projects/schema.ts'

const fields = { name: is.name(64), description: is.textOrNull, enabled: is.flag, tags: tagList, options: is.immutable }

export const DomainFields = partly(fields)
export const CreateDomain = Type.Object({
  domain: Type.Object({
    ...DomainFields.properties,
    name: fields.name,
    explicit_domain_id: Type.Optional(Type.String({ pattern: '^[a-f0-9]{32}$' })),
  }),
})
export const UpdateDomain = Type.Object({ domain: DomainFields })
export const DomainQuery = Type.Object({ ...byName, ...page, enabled: flag })
