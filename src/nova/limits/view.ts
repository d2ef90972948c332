import { existsAt, type Marks, type Version } from '../../kernel/http/schema.ts'
import type { Limits, Usage } from '../quotas/resources.ts'

type Figure = Marks & { readonly of: (limits: Limits, usage: Usage) => number }

/** Every figure of the absolute limits, and the versions that have it. */
const figures: Readonly<Record<string, Figure>> = {
  maxTotalInstances: { of: (limits) => limits.instances },
  maxTotalCores: { of: (limits) => limits.cores },
  maxTotalRAMSize: { of: (limits) => limits.ram },
  maxServerMeta: { of: (limits) => limits.metadata_items },
  maxImageMeta: { until: '2.38', of: (limits) => limits.metadata_items },
  maxPersonality: { until: '2.56', of: (limits) => limits.injected_files },
  maxPersonalitySize: { until: '2.56', of: (limits) => limits.injected_file_content_bytes },
  maxTotalKeypairs: { of: (limits) => limits.key_pairs },
  maxServerGroups: { of: (limits) => limits.server_groups },
  maxServerGroupMembers: { of: (limits) => limits.server_group_members },
  maxTotalFloatingIps: { until: '2.35', of: (limits) => limits.floating_ips },
  maxSecurityGroups: { until: '2.35', of: (limits) => limits.security_groups },
  maxSecurityGroupRules: { until: '2.35', of: (limits) => limits.security_group_rules },
  totalRAMUsed: { of: (_, usage) => usage.ram },
  totalCoresUsed: { of: (_, usage) => usage.cores },
  totalInstancesUsed: { of: (_, usage) => usage.instances },
  totalFloatingIpsUsed: { until: '2.35', of: () => 0 },
  totalSecurityGroupsUsed: { until: '2.35', of: () => 0 },
  totalServerGroupsUsed: { of: (_, usage) => usage.server_groups },
}

/** A project's limits and what it uses of them; there are no limits of rates. */
export const limitsView = (limits: Limits, usage: Usage, version: Version | undefined) => ({
  limits: {
    rate: [],
    absolute: Object.fromEntries(
      Object.entries(figures)
        .filter(([, figure]) => existsAt(figure, version))
        .map(([name, figure]) => [name, figure.of(limits, usage)]),
    ),
  },
})
