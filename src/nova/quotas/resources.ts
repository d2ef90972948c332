/** What nova limits, with the limits of a project that nobody changed. -1 means no limit. */
export const defaultLimits = {
  instances: 10,
  cores: 20,
  ram: 51_200,
  floating_ips: -1,
  fixed_ips: -1,
  metadata_items: 128,
  injected_files: 5,
  injected_file_content_bytes: 10_240,
  injected_file_path_bytes: 255,
  security_groups: -1,
  security_group_rules: -1,
  key_pairs: 100,
  server_groups: 10,
  server_group_members: 10,
} as const

export type QuotaResource = keyof typeof defaultLimits
export type Limits = Readonly<Record<QuotaResource, number>>

export const quotaResources = Object.keys(defaultLimits) as readonly QuotaResource[]

/** Resources whose use is counted; the others limit a single request. */
export const countedResources = ['instances', 'cores', 'ram', 'key_pairs', 'server_groups'] as const
export type CountedResource = (typeof countedResources)[number]
export type Usage = Readonly<Record<CountedResource, number>>
