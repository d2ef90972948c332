import { setTimeout as pause } from 'node:timers/promises'
import { startRabbit } from '../helpers/rabbitmq.ts'
import { until } from '../helpers/until.ts'
import { callerOf, type Caller } from './calls.ts'
import { startEmbeddedCloud, type EmbeddedCloud } from '../helpers/embedded-cloud.ts'
import { faultsOf } from './faults.ts'
import { isPending, openLedger, type Asked } from './ledger.ts'
import { startLoad, startWatching } from './load.ts'
import { judge, type Blow, type Row } from './verdict.ts'

export type MessagingName = 'postgres' | 'rabbitmq'

export interface DrillOptions {
  readonly messaging: MessagingName
  /** How long the load lasts at least, in seconds. */
  readonly seconds: number
  /** Only faults whose name has this in it. */
  readonly only?: string
  /** Leaves the cloud's state directory, with its logs, for people to read. */
  readonly keep?: boolean
  say(line: string): void
}

/** One drill: a cloud, a load, blow after blow, and the verdict. */
export async function drill({ messaging, keep, ...how }: DrillOptions): Promise<Row[]> {
  const broker = messaging === 'rabbitmq' ? await startRabbit() : undefined
  try {
    const cloud = await startEmbeddedCloud(broker ? { messaging: broker.url } : {})
    try {
      return await strike(cloud, { ...how, ...(broker && { broker }) })
    } finally {
      if (keep) how.say(`kept: ${cloud.stateDir}`)
      await (keep ? cloud.stop() : cloud.down())
    }
  } finally {
    await broker?.stop()
  }
}

async function strike(
  cloud: EmbeddedCloud,
  {
    seconds,
    say,
    broker,
    only = '',
  }: Pick<DrillOptions, 'seconds' | 'say' | 'only'> & { broker?: Awaited<ReturnType<typeof startRabbit>> },
): Promise<Row[]> {
  const admin = await cloud.token('admin', 'admin')
  const demo = await cloud.token('demo', 'demo')
  const asAdmin = callerOf(cloud.url, admin.token)
  const call = callerOf(cloud.url, demo.token)
  const place = await prepare(asAdmin, call, demo.projectId)
  const ledger = openLedger()
  const load = startLoad({ call, ledger, ...place, createsPerSecond: 5, readsPerSecond: 10 })
  const watching = startWatching({ call, ledger })
  const faults = faultsOf({ cloud, call: async (...args) => ledger.keep(await call(...args)), ...(broker && { broker }) }).filter((fault) =>
    fault.name.includes(only),
  )
  const blows: Blow[] = []
  await until(() => ledger.asked.some((server) => server.goneMs !== undefined), {
    what: 'the first server to have come and gone',
    timeoutMs: 60_000,
  })
  const started = performance.now()
  while (performance.now() - started < seconds * 1000) {
    for (const fault of faults) {
      blows.push({ fault: fault.name, mayRefuse: fault.mayRefuse ?? false, atMs: performance.now() })
      await fault.strike()
      // Each blow finds a cloud at work, not one that still recovers from the last: its figures are its own.
      await until(() => blows.length > 0 && ledger.asked.some((server) => (server.activeMs ?? 0) > blows.at(-1)!.atMs), {
        what: `work to go on after ${fault.name}`,
        timeoutMs: 30_000,
      })
      await pause(500)
    }
    say(`${Math.round((performance.now() - started) / 1000)} s: ${ledger.calls.length} requests, ${blows.length} blows`)
  }
  await load.stop()
  await until(() => !ledger.asked.some(isPending), { what: 'all work to end', timeoutMs: 30_000 }).catch(() => {})
  await watching.stop()
  const servers = async (query: string) =>
    (await asAdmin('GET', `/compute/v2.1/servers/detail?all_tenants=1&limit=1000${query}`)).body.servers
  const rows = judge(ledger, blows, {
    living: await servers(''),
    everServers: [...(await servers('')), ...(await servers('&deleted=true'))],
  })
  for (const failed of ledger.calls.filter(({ status }) => status === 0 || status >= 400).slice(0, 10)) {
    say(
      `  ${failed.method} ${failed.path}: ${failed.status} ${JSON.stringify(failed.body).slice(0, 200)} after ${Math.round(failed.endedMs - failed.startedMs)} ms`,
    )
  }
  for (const { id, action, ms } of slowest(ledger.asked)) say(`  slow: ${action} of ${id} took ${Math.round(ms)} ms`)
  call.close()
  asAdmin.close()
  return rows
}

/** The work that took longest from its acceptance to its end. */
function slowest(asked: readonly Asked[]): { id: string; action: string; ms: number }[] {
  const times = asked.flatMap(({ id = '', acceptedMs, activeMs, deleteAcceptedMs, goneMs }) => [
    { id, action: 'build', ms: (activeMs ?? Infinity) - (acceptedMs ?? Infinity) },
    { id, action: 'deletion', ms: (goneMs ?? Infinity) - (deleteAcceptedMs ?? Infinity) },
  ])
  return times
    .filter(({ ms }) => ms > 3000)
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, 5)
}

/** Room for the load: a wide network and quotas without limits. */
async function prepare(
  asAdmin: Caller,
  call: Caller,
  projectId: string,
): Promise<{ networkId: string; flavorId: string; imageId: string }> {
  const must = async (caller: Caller, method: string, path: string, body?: unknown) => {
    const answer = await caller(method, path, body)
    if (answer.status >= 400 || answer.status === 0)
      throw new Error(`${method} ${path} answers ${answer.status}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  await must(asAdmin, 'PUT', `/compute/v2.1/os-quota-sets/${projectId}`, { quota_set: { instances: -1, cores: -1, ram: -1 } })
  await must(asAdmin, 'PUT', `/networking/v2.0/quotas/${projectId}`, { quota: { port: -1, security_group: -1, security_group_rule: -1 } })
  const { network } = await must(call, 'POST', '/networking/v2.0/networks', { network: { name: 'drill' } })
  await must(call, 'POST', '/networking/v2.0/subnets', { subnet: { network_id: network.id, ip_version: 4, cidr: '10.200.0.0/16' } })
  const { images } = await must(call, 'GET', '/image/v2/images')
  return { networkId: network.id, flavorId: '42', imageId: images[0].id }
}
