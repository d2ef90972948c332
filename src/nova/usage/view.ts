import { microTime, microTimeOrNull } from '../times.ts'
import type { Period, ServerInPeriod } from './store.ts'

/** What one server used in a period. */
export function serverUsage(server: ServerInPeriod, { start, stop }: Period, now: Date) {
  const launched = server.launched_at!
  const ended = server.terminated_at
  const from = Math.max(launched.getTime(), start.getTime())
  const to = Math.min(ended?.getTime() ?? Infinity, stop.getTime())
  const { flavor_json: flavor } = server
  return {
    instance_id: server.id,
    name: server.name,
    tenant_id: server.project_id,
    flavor: flavor.name,
    memory_mb: flavor.memoryMb,
    local_gb: flavor.diskGb + flavor.ephemeralGb,
    vcpus: flavor.vcpus,
    hours: Math.max(0, to - from) / 3_600_000,
    started_at: microTime(launched),
    ended_at: microTimeOrNull(ended),
    state: ended ? 'terminated' : server.vm_state,
    uptime: Math.max(0, Math.trunc(((ended ?? now).getTime() - launched.getTime()) / 1000)),
  }
}

export type ServerUsage = ReturnType<typeof serverUsage>

/** What a project used in a period: the sums, and on request each server. */
export function projectUsage(projectId: string, usages: readonly ServerUsage[], { start, stop }: Period, detailed: boolean) {
  const sum = (amount: (usage: ServerUsage) => number) => usages.reduce((total, usage) => total + amount(usage) * usage.hours, 0)
  return {
    tenant_id: projectId,
    start: microTime(start),
    stop: microTime(stop),
    total_hours: sum(() => 1),
    total_memory_mb_usage: sum((usage) => usage.memory_mb),
    total_local_gb_usage: sum((usage) => usage.local_gb),
    total_vcpus_usage: sum((usage) => usage.vcpus),
    ...(detailed && { server_usages: usages }),
  }
}
