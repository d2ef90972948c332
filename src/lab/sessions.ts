import { ports } from '../topology/render/ports.ts'
import { run } from './command.ts'
import type { LabStatus } from './lab-status.ts'

const portOf: Readonly<Record<string, number>> = { galera: ports.mariadb, patroni: ports.postgresql }

/** How many connections the controllers that clients can reach hold to the database of each host, by the host's name. */
export async function sessionsByHost({ database, hosts, processes }: LabStatus): Promise<ReadonlyMap<string, number>> {
  const reachable = new Set(hosts.filter(({ line }) => line === 'whole').map(({ name }) => name))
  const controllers = processes.filter(({ unit, host, pid }) => unit === 'controller' && pid > 0 && reachable.has(host))
  const open = (await Promise.all(controllers.map(({ pid }) => peersOf(pid)))).flat()
  return new Map(hosts.map(({ name, address }) => [name, open.filter((peer) => peer === `${address}:${portOf[database]}`).length]))
}

/** Where a process's connections lead, each as address and port. One that has ended has none. */
async function peersOf(pid: number): Promise<string[]> {
  const text = await run(['nsenter', '--net', '--target', String(pid), 'ss', '-Htnp', 'state', 'established']).catch(() => '')
  return text
    .split('\n')
    .filter((line) => line.includes(`pid=${pid},`))
    .map((line) => line.trim().split(/\s+/)[3] ?? '')
}
