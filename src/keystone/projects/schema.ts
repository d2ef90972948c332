import { Type } from 'typebox'
import { is, partly } from '../attributes.ts'
import { byName, flag, page, text } from '../lists.ts'

const tag = Type.String({ minLength: 1, maxLength: 255, pattern: '^[^,/]*$' })
/** How many tags a project may have. */
export const maxTags = 80
export const tagList = Type.Array(tag, { maxItems: maxTags, uniqueItems: true })

const fields = {
  name: is.name(64),
  domain_id: is.idOrNull,
  parent_id: is.idOrNull,
  description: is.textOrNull,
  enabled: is.flag,
  is_domain: is.flag,
  tags: tagList,
  options: is.immutable,
}

export const ProjectFields = partly(fields)
export const CreateProject = Type.Object({ project: Type.Object({ ...ProjectFields.properties, name: fields.name }) })
export const UpdateProject = Type.Object({ project: ProjectFields })
export const ReplaceTags = Type.Object({ tags: tagList })
export const ProjectQuery = Type.Object({
  ...byName,
  ...page,
  domain_id: text,
  parent_id: text,
  enabled: flag,
  is_domain: flag,
  tags: text,
  'tags-any': text,
  'not-tags': text,
  'not-tags-any': text,
})

export type CreateProjectRequest = Type.Static<typeof CreateProject>['project']
export type UpdateProjectRequest = Type.Static<typeof UpdateProject>['project']
