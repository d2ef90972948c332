import type { OpenTarget, ProcessKind, Target, TargetProcess } from '../drill/target.ts'
import { eventually } from '../kernel/eventually.ts'
import { statusOfGet } from '../embedded/call.ts'
import { readSecrets } from '../embedded/supervisor/secrets.ts'
import { ports } from '../topology/render/ports.ts'
import { databaseAgrees, databaseGoesOn } from './agreement.ts'
import { askLab, orderLab } from './client.ts'
import { labDirAt } from './places.ts'
import { ownProgram, versionIn } from './programs.ts'
import { sessionsByHost } from './sessions.ts'

const kinds: Readonly<Record<string, ProcessKind>> = {
  ...{ controller: 'controller', 'nova-compute': 'agent', haproxy: 'balancer', keepalived: 'keepalived' },
  ...{ galera: 'database', garbd: 'database', patroni: 'database', etcd: 'etcd', rabbitmq: 'queue' },
}

/** As in the lab's topology. */
const controllerPort = 7771

/** How long a unit may take to end in order and to serve again, in milliseconds. */
const restartMs = 120_000

/** HAProxy sends requests to a controller again after some checks of its own. Until then its peer may not go. */
const takenInMs = 3_000

/** A pool gives up connecting to a host that does not answer after two seconds. */
const triedMs = 2_500

/** The lab that runs in a directory. It starts whatever ends, as systemd does. */
export const labTarget: OpenTarget = async ({ clock }, stateDir) => {
  const dir = labDirAt(stateDir)
  const [lab, secrets] = [await askLab(dir), readSecrets(dir)]
  if (!lab || !secrets) return undefined

  const status = async () => (await askLab(dir)) ?? { hosts: [], processes: [] }
  const processes = async (): Promise<TargetProcess[]> => {
    const { hosts, processes: units } = await status()
    return units.flatMap(({ name, host, unit, pid, state }): TargetProcess[] => {
      const kind = kinds[unit]
      const address = hosts.find((one) => one.name === host)?.address
      const health = kind === 'controller' && { healthUrl: `http://${address}:${controllerPort}/healthcheck` }
      return kind ? [{ name, kind, host, pid, state, ...health }] : []
    })
  }
  const sessions = async () => {
    const now = await askLab(dir)
    return now ? sessionsByHost(now) : new Map<string, ReadonlySet<string>>()
  }
  /** Those that are there at two looks: who only tries whether a host is back gives that up in between. */
  const lasting = async (host: string): Promise<number> => {
    const before = (await sessions()).get(host)
    if (!before?.size) return 0
    await clock.sleep(triedMs)
    const after = (await sessions()).get(host)
    return after ? [...before].filter((one) => after.has(one)).length : 0
  }
  /** Where the database's nodes are, and how many its cluster has; an arbitrator is a member too. */
  const nodes = async ({ without }: { without?: string } = {}) => {
    const { hosts, processes: units } = await status()
    const members = units.filter(({ unit }) => kinds[unit] === 'database')
    const holders = new Set(members.filter(({ unit }) => unit === lab.database).map(({ host }) => host))
    const asked = hosts.filter(({ name }) => holders.has(name) && name !== without)
    return { addresses: asked.map(({ address }) => address), members: members.length }
  }
  /** The host whose Patroni says that it leads. */
  const primary = async (): Promise<string | undefined> => {
    const asked = (await status()).hosts.map(async ({ name, address }) => {
      const answer = await statusOfGet(`http://${address}:${ports.patroni}/primary`, { timeoutMs: 1_000 })
      return answer === 200 ? name : undefined
    })
    return (await Promise.all(asked)).find((name) => name !== undefined)
  }
  /** All nodes of Galera take writes: the host that most controllers write on. */
  const mostUsed = async (): Promise<string | undefined> => {
    const [most] = [...(await sessions())].toSorted(([, a], [, b]) => b.size - a.size)
    return most && most[1].size > 0 ? most[0] : undefined
  }
  const order = (act: string) => async (target: string, value?: string | number) =>
    orderLab(dir, { act, target, ...(value !== undefined && { value: String(value) }) })
  const serves = async (name: string): Promise<boolean> => {
    const found = (await processes()).find((one) => one.name === name)
    return found?.state === 'running' && (!found.healthUrl || (await statusOfGet(found.healthUrl, { timeoutMs: 2_000 })) === 200)
  }
  const untilTakenIn = async (name: string) => {
    if (!(await eventually({ clock }, () => serves(name), { timeoutMs: restartMs, everyMs: 200 })))
      throw new Error(`${name} does not serve ${restartMs / 1000} s after it was asked to start again`)
    await clock.sleep(takenInMs)
  }
  const target: Target = {
    kind: 'lab',
    authUrl: lab.auth_url,
    password: secrets.adminPassword,
    database: lab.database,
    messaging: 'rabbitmq',
    processes,
    async writer() {
      const host = lab.database === 'patroni' ? await primary() : await mostUsed()
      return (await processes()).find((one) => one.host === host && one.kind === 'database')
    },
    agrees: async () => databaseAgrees(lab.database, (await nodes()).addresses),
    async goesOnWithout(host) {
      const { addresses, members } = await nodes({ without: host })
      return databaseGoesOn(lab.database, addresses, members)
    },
    sessions: lasting,
    kill: order('kill'),
    freeze: order('freeze'),
    thaw: order('thaw'),
    stop: order('stop'),
    start: order('start'),
    async restart(name) {
      await order('restart')(name)
      await untilTakenIn(name)
    },
    ...(lab.program !== ownProgram && {
      async nextProgram() {
        const { hosts } = await status()
        const isBack = hosts.every(({ program }) => program === ownProgram)
        const folder = isBack ? lab.program : ownProgram
        return { folder, isBack, version: await versionIn(folder) }
      },
      async upgrade(name, { folder }) {
        await order('upgrade')(name, folder)
        await untilTakenIn(name)
      },
    }),
    async rotateKeys() {
      // Any controller's configuration will do; what runs there matters not.
      const on = (await status()).hosts.find(({ name, power }) => power === 'on' && name.startsWith('c'))
      if (!on) throw new Error('no machine of a controller is on')
      await order('rotate-keys')(on.name)
    },
    hosts: async () => (await status()).hosts.map(({ name }) => name),
    isolate: (host) => order('cut')(host, 'both'),
    block: order('cut'),
    slow: order('slow'),
    ...(lab.faults.includes('fill') && { fillDisk: order('fill') }),
    ...(lab.faults.includes('skew') && { skewClock: (host, ms) => order('skew')(host, ms / 1000) }),
    heal: order('heal'),
    powerOff: order('off'),
    powerOn: order('on'),
  }
  return target
}
