import { existsAt, type Version } from '../../kernel/http/schema.ts'
import { microTime, microTimeOrNull } from '../times.ts'
import type { Aggregate } from './store.ts'

/** An aggregate that was just made: nova leaves out what is empty anyway. */
export const newAggregate = (aggregate: Aggregate, version: Version | undefined) => ({
  id: aggregate.number,
  ...(existsAt({ since: '2.41' }, version) && { uuid: aggregate.id }),
  name: aggregate.name,
  availability_zone: aggregate.zone,
  created_at: microTime(aggregate.createdAt),
  updated_at: microTimeOrNull(aggregate.updatedAt),
  deleted: false,
  deleted_at: null,
})

export const aggregateView = (aggregate: Aggregate, version: Version | undefined) => ({
  ...newAggregate(aggregate, version),
  hosts: aggregate.hosts,
  metadata: aggregate.metadata,
})
