import { hostsWith, type HostRole, type Topology } from '../model.ts'
import { bracketed } from './ports.ts'
import type { Rendering } from './part.ts'

/** Where the SQL database is: all hosts of it, the same order everywhere, so that all controllers write to the same one. */
export function databaseUrl(topology: Topology, { secretOf, database }: Rendering): string {
  if (topology.database === 'external') return given(database, 'database')
  const scheme = topology.database === 'galera' ? 'mysql' : 'postgresql'
  return `${scheme}://skykeel:${secretOf('database')}@${addresses(topology, 'database')}/skykeel`
}

/** Where messages go. */
export function messagingUrl(topology: Topology, rendering: Rendering): string {
  if (topology.queue === 'external') return given(rendering.messaging, 'messaging')
  if (topology.queue === 'database') return databaseUrl(topology, rendering)
  return `amqp://skykeel:${rendering.secretOf('message queue')}@${addresses(topology, 'message-queue')}`
}

const addresses = (topology: Topology, role: HostRole): string =>
  hostsWith(topology, role)
    .map(({ address }) => bracketed(address))
    .join(',')

function given(url: string | undefined, name: string): string {
  if (url === undefined) throw new Error(`the topology has an external ${name}, and no URL of it was given`)
  return url
}
