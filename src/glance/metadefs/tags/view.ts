import { viewTime } from '../../images/view.ts'
import type { DefinitionRow } from '../../tables.ts'

export const viewTag = ({ name, created_at, updated_at }: DefinitionRow) => ({
  name,
  created_at: viewTime(created_at),
  updated_at: viewTime(updated_at),
})

export const viewTags = (tags: readonly { readonly name: string }[]) => ({ tags: tags.map(({ name }) => ({ name })) })
