import { viewTime } from '../../images/view.ts'
import { given } from '../given.ts'
import type { AssociationRow, ResourceTypeRow } from '../../tables.ts'

export const viewResourceType = ({ name, created_at, updated_at }: ResourceTypeRow) => ({
  name,
  created_at: viewTime(created_at),
  updated_at: viewTime(updated_at),
})

export const viewAssociation = ({ resource_type, prefix, properties_target, created_at, updated_at }: AssociationRow) => ({
  name: resource_type,
  ...given({ prefix, properties_target }),
  created_at: viewTime(created_at),
  updated_at: viewTime(updated_at),
})
