import { existsAt, type Version } from '../../kernel/http/schema.ts'
import type { Usage } from '../../placement/contract.ts'
import type { Host } from '../hosts/store.ts'
import type { ServerOnHost } from '../servers/on-hosts-store.ts'

/** A host with what placement and the servers say of it. */
export interface Hypervisor {
  readonly host: Host
  readonly used: Readonly<Record<string, Usage>>
  readonly guests: number
  /** Only where they were asked for. */
  readonly servers?: readonly ServerOnHost[] | undefined
}

const idOf = (host: Host, version: Version | undefined) => (existsAt({ since: '2.53' }, version) ? host.id : host.number)

/** A hypervisor in a list. Until 2.74 one without servers said nothing of them. */
export const hypervisorRef = ({ host, servers }: Pick<Hypervisor, 'host' | 'servers'>, version: Version | undefined) => ({
  id: idOf(host, version),
  hypervisor_hostname: host.name,
  state: host.up ? 'up' : 'down',
  status: host.disabled ? 'disabled' : 'enabled',
  ...(servers &&
    (servers.length > 0 || existsAt({ since: '2.75' }, version)) && { servers: servers.map(({ id, name }) => ({ uuid: id, name })) }),
})

const cpu = {
  arch: 'x86_64',
  model: 'Nehalem',
  vendor: 'Intel',
  features: ['pge', 'clflush'],
  topology: { cores: 1, threads: 1, sockets: 4 },
}

/** A hypervisor in full. What it has and gives away left the view in 2.88: placement tells that. */
export const hypervisorView = (hypervisor: Hypervisor, version: Version | undefined, now: Date) => ({
  ...hypervisorRef(hypervisor, version),
  hypervisor_type: hypervisor.host.driver,
  hypervisor_version: 1000,
  host_ip: '127.0.0.1',
  service: {
    id: existsAt({ since: '2.53' }, version) ? hypervisor.host.serviceId : hypervisor.host.serviceNumber,
    host: hypervisor.host.name,
    disabled_reason: hypervisor.host.disabledReason,
  },
  ...(existsAt({ until: '2.87' }, version) && {
    ...amounts(hypervisor),
    cpu_info: existsAt({ since: '2.28' }, version) ? cpu : JSON.stringify(cpu),
  }),
  ...(existsAt({ since: '2.88' }, version) && { uptime: uptimeText(hypervisor.host, now) }),
})

const amounts = ({ host, used, guests }: Hypervisor) => {
  const [vcpusUsed, memoryUsed, diskUsed] = ['VCPU', 'MEMORY_MB', 'DISK_GB'].map((name) => used[name]?.used ?? 0) as [
    number,
    number,
    number,
  ]
  return {
    vcpus: host.vcpus,
    memory_mb: host.memoryMb,
    local_gb: host.diskGb,
    vcpus_used: vcpusUsed,
    memory_mb_used: memoryUsed,
    local_gb_used: diskUsed,
    free_ram_mb: host.memoryMb - memoryUsed,
    free_disk_gb: host.diskGb - diskUsed,
    current_workload: 0,
    running_vms: guests,
    disk_available_least: host.diskGb - diskUsed,
  }
}

/** The sums of all hypervisors that are not disabled. */
export function statisticsView(hypervisors: readonly Hypervisor[]) {
  const sums = { count: 0, ...amounts({ host: { vcpus: 0, memoryMb: 0, diskGb: 0 } as Host, used: {}, guests: 0 }) }
  for (const hypervisor of hypervisors.filter(({ host }) => !host.disabled)) {
    sums.count++
    for (const [name, amount] of Object.entries(amounts(hypervisor))) sums[name as keyof typeof sums] += amount
  }
  return { hypervisor_statistics: sums }
}

/** How long the host has been known, as the command `uptime` writes it; null when it is down. */
export function uptimeText(host: Host, now: Date): string | null {
  if (!host.up) return null
  const minutes = Math.max(0, Math.floor((now.getTime() - host.createdAt.getTime()) / 60_000))
  const hours = Math.floor(minutes / 60) % 24
  return ` ${now.toISOString().slice(11, 19)} up ${Math.floor(minutes / 1440)} days, ${hours}:${String(minutes % 60).padStart(2, '0')}, 0 users,  load average: 0.00, 0.00, 0.00`
}
