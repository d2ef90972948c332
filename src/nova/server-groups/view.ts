import { existsAt, type Version } from '../../kernel/http/schema.ts'
import type { ServerGroup } from './store.ts'

export const groupView = (group: ServerGroup, version: Version | undefined) => ({
  id: group.id,
  name: group.name,
  members: group.members,
  ...(existsAt({ since: '2.13' }, version) && { project_id: group.projectId, user_id: group.userId }),
  ...(existsAt({ since: '2.64' }, version)
    ? { policy: group.policy, rules: group.maxPerHost === undefined ? {} : { max_server_per_host: group.maxPerHost } }
    : { policies: [group.policy], metadata: {} }),
})
