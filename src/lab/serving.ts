import { connect } from 'node:net'
import { ports } from '../topology/render/ports.ts'
import type { Machine } from './machine.ts'

/** Where the units answer that take long to serve once their processes run: they join a cluster first. */
const doors: Readonly<Record<string, number>> = { galera: ports.mariadb, patroni: ports.postgresql, rabbitmq: ports.amqp }

const answerMs = 500

/** How a unit is: one that runs and takes no connection yet is still starting. Of a host that is cut off nobody can tell. */
export async function stateOf(
  { address, line }: Pick<Machine, 'address' | 'line'>,
  { name, state }: { name: string; state: string },
): Promise<string> {
  const port = doors[name]
  if (state !== 'running' || port === undefined || line() !== 'whole') return state
  return (await takesConnections(address, port)) ? state : 'starting'
}

function takesConnections(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: answerMs })
    const end = (taken: boolean) => {
      socket.destroy()
      resolve(taken)
    }
    socket.on('connect', () => end(true))
    socket.on('timeout', () => end(false))
    socket.on('error', () => end(false))
  })
}
