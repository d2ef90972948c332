import { normalUuid } from '../patterns.ts'
import type { AnyAllocations } from './schema.ts'
import type { Allocation } from './store.ts'

/** What a consumer shall hold in the end, all of it. */
export interface Wish {
  readonly consumerId: string
  readonly projectId: string
  readonly userId: string
  /** Left out: as it is, or not said. */
  readonly type?: string
  /** The generation that the client has seen; null: it expects no such consumer; left out: it does not care. */
  readonly generation?: number | null
  readonly allocations: readonly Allocation[]
}

/** Stands for a project and a user that an old client does not name. */
export const nobody = '00000000-0000-0000-0000-000000000000'

/** The wish that a body says, in its form since 1.12. */
export function wishOf(consumerId: string, body: AnyAllocations): Wish {
  const { consumer_generation: generation, consumer_type: type } = body as Partial<AnyAllocations>
  return {
    consumerId,
    projectId: body.project_id,
    userId: body.user_id,
    ...(type !== undefined && { type }),
    ...(generation !== undefined && { generation }),
    allocations: Object.entries(body.allocations).map(([uuid, { resources }]) => ({ providerId: normalUuid(uuid), resources })),
  }
}

/** The wish that a list says, as before 1.12. A provider that is named twice counts once, the last time. */
export function listedWish(
  consumerId: string,
  listed: readonly { resource_provider: { uuid: string }; resources: Record<string, number> }[],
  owner: { project_id: string; user_id: string } = { project_id: nobody, user_id: nobody },
): Wish {
  const byProvider = new Map(listed.map(({ resource_provider, resources }) => [normalUuid(resource_provider.uuid), resources]))
  return {
    consumerId,
    projectId: owner.project_id,
    userId: owner.user_id,
    allocations: [...byProvider].map(([providerId, resources]) => ({ providerId, resources })),
  }
}
