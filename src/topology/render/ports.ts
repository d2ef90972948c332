import { isIPv6 } from 'node:net'

/** Ports of a cloud's engines: those that everybody knows. Each is in use on hosts with that engine alone. */
export const ports = {
  /** HAProxy's own health and metrics. */
  balancerHealth: 8405,
  mariadb: 3306,
  galera: 4567,
  /** Missing writes for a node that was away for a while. */
  galeraIncremental: 4568,
  /** A whole copy for a node that was away for long, or is new. */
  galeraCopy: 4444,
  /** Where the keeper of a Galera node says whether it can be used. */
  galeraCheck: 9200,
  postgresql: 5432,
  patroni: 8008,
  etcdClients: 2379,
  etcdPeers: 2380,
  amqp: 5672,
  epmd: 4369,
  /** Between the nodes of RabbitMQ. */
  erlang: 25_672,
} as const

/** An address as it stands before a colon and a port: one with colons of its own gets brackets. */
export const bracketed = (address: string): string => (isIPv6(address) ? `[${address}]` : address)

/** An address and a port. */
export const at = (address: string, port: number): string => `${bracketed(address)}:${port}`
