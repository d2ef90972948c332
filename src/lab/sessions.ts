import { ports } from '../topology/render/ports.ts'
import { run } from './command.ts'
import type { LabStatus } from './lab-status.ts'

const portOf: Readonly<Record<string, number>> = { galera: ports.mariadb, patroni: ports.postgresql }

interface Connection {
  /** The process and its own end: what tells one connection from a later one. */
  readonly id: string
  /** Where it leads: address and port. */
  readonly peer: string
}

/** The connections that controllers which clients can reach hold to the database of each host, by the host's name. */
export async function sessionsByHost({ database, hosts, processes }: LabStatus): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const reachable = new Set(hosts.filter(({ line }) => line === 'whole').map(({ name }) => name))
  const controllers = processes.filter(({ unit, host, pid }) => unit === 'controller' && pid > 0 && reachable.has(host))
  const open = (await Promise.all(controllers.map(({ pid }) => connectionsOf(pid)))).flat()
  const idsTo = (address: string) => open.filter(({ peer }) => peer === `${address}:${portOf[database]}`).map(({ id }) => id)
  return new Map(hosts.map(({ name, address }) => [name, new Set(idsTo(address))]))
}

/** The established connections of a process. One that has ended has none. */
async function connectionsOf(pid: number): Promise<Connection[]> {
  const text = await run(['nsenter', '--net', '--target', `${pid}`, 'ss', '-Htnp', 'state', 'established']).catch(() => '')
  return text
    .split('\n')
    .filter((line) => line.includes(`pid=${pid},`))
    .map((line) => {
      const [, , local = '', peer = ''] = line.trim().split(/\s+/)
      return { id: `${pid} ${local}`, peer }
    })
}
