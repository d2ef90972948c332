import type { Context } from '../../kernel/context.ts'
import { Fault } from '../../kernel/errors.ts'
import type { Tx } from '../../kernel/sql/tables.ts'
import { transaction } from '../../kernel/sql/transaction.ts'
import { putProvider } from '../../placement/contract.ts'
import { knownHosts, putHost, touchServices, type KnownHost } from './register-store.ts'
import type { HostReport, HostReports } from './reports.ts'

/** How many hosts one statement speaks of. */
const chunkSize = 500
/** How many new hosts one transaction makes. */
const newAtOnce = 50
/** How often a real processor is given away, as nova does unless told otherwise. Placement's API can change it. */
const vcpuRatio = 4

/** Takes an agent's word in: hosts are seen now, and are made or changed when that is new. Safe to repeat. */
export async function receiveHostReports(ctx: Context, { agent, hosts }: HostReports): Promise<void> {
  // In order, so that two controllers that hear of the same hosts wait for each other rather than lock each other out.
  const sorted = hosts.toSorted((one, other) => (one.name < other.name ? -1 : 1))
  for (let at = 0; at < sorted.length; at += chunkSize) await receiveChunk(ctx, agent, sorted.slice(at, at + chunkSize))
}

async function receiveChunk(ctx: Context, agent: string, hosts: readonly HostReport[]): Promise<void> {
  const names = hosts.map((host) => host.name)
  const known = await knownHosts(ctx.db, names)
  const news = hosts.filter((host) => !isAsKnown(agent, host, known.get(host.name)))
  for (let at = 0; at < news.length; at += newAtOnce) {
    await registerAll(ctx, agent, news.slice(at, at + newAtOnce), known)
  }
  await touchServices(ctx, 'nova-compute', names)
}

// One host that can't be had, such as one whose provider's name is taken, must not keep the others out.
async function registerAll(
  ctx: Context,
  agent: string,
  hosts: readonly HostReport[],
  known: ReadonlyMap<string, KnownHost>,
): Promise<void> {
  try {
    await transaction(ctx, 'hosts: register', async (tx) => {
      for (const host of hosts) await register(ctx, tx, agent, host, known.get(host.name))
    })
  } catch (error) {
    if (!(error instanceof Fault) || error.kind === 'unavailable') throw error
    if (hosts.length === 1) ctx.log.warn({ host: hosts[0]!.name, reason: error.message }, 'a host can not be registered')
    else for (const host of hosts) await registerAll(ctx, agent, [host], known)
  }
}

async function register(ctx: Context, tx: Tx, agent: string, host: HostReport, known: KnownHost | undefined): Promise<void> {
  const id = await putHost(ctx, tx, agent, host)
  if (known?.id && hasSameResources(host, known)) return
  const { vcpus, memoryMb, diskGb } = host.resources
  await putProvider(ctx, tx, {
    id,
    name: host.name,
    inventories: {
      VCPU: { total: vcpus, maxUnit: vcpus, ...(!known?.id && { allocationRatio: vcpuRatio }) },
      MEMORY_MB: { total: memoryMb, maxUnit: memoryMb },
      DISK_GB: { total: diskGb, maxUnit: diskGb },
    },
  })
}

const isAsKnown = (agent: string, host: HostReport, known: KnownHost | undefined): boolean =>
  known !== undefined && known.id !== null && known.agent === agent && known.driver === host.driver && hasSameResources(host, known)

const hasSameResources = ({ resources }: HostReport, known: KnownHost): boolean =>
  known.vcpus === resources.vcpus && known.memory_mb === resources.memoryMb && known.disk_gb === resources.diskGb
