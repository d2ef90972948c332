import { existsAt, type Marks, type Version } from '../../kernel/http/schema.ts'
import { countedResources, quotaResources, type Limits, type QuotaResource, type Usage } from './resources.ts'

/** What left the quotas when networks and then injected files went elsewhere. */
const marks: Partial<Record<QuotaResource, Marks>> = {
  floating_ips: { until: '2.35' },
  fixed_ips: { until: '2.35' },
  security_groups: { until: '2.35' },
  security_group_rules: { until: '2.35' },
  injected_files: { until: '2.56' },
  injected_file_content_bytes: { until: '2.56' },
  injected_file_path_bytes: { until: '2.56' },
}

/** Server groups came to the classes late. */
const classMarks: Partial<Record<QuotaResource, Marks>> = {
  ...marks,
  server_groups: { since: '2.50' },
  server_group_members: { since: '2.50' },
}

const shown = (version: Version | undefined, by = marks) => quotaResources.filter((resource) => existsAt(by[resource] ?? {}, version))

/** Limits by resource. */
export const quotaView = (limits: Limits, version: Version | undefined): Record<string, number> =>
  Object.fromEntries(shown(version).map((resource) => [resource, limits[resource]]))

export const quotaClassView = (limits: Limits, version: Version | undefined): Record<string, number> =>
  Object.fromEntries(shown(version, classMarks).map((resource) => [resource, limits[resource]]))

/** Limits with what is used of them. Key pairs belong to users, so no project uses any. */
export const quotaDetail = (limits: Limits, usage: Usage, version: Version | undefined) =>
  Object.fromEntries(
    shown(version).map((resource) => [resource, { limit: limits[resource], in_use: usedOf(usage, resource), reserved: 0 }]),
  )

const usedOf = (usage: Usage, resource: QuotaResource): number =>
  resource !== 'key_pairs' && (countedResources as readonly string[]).includes(resource) ? usage[resource as keyof Usage] : 0
