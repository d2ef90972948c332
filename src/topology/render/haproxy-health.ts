import { at } from './ports.ts'

/** Somebody in the cloud that listens, and what HAProxy calls him. */
export interface Neighbour {
  readonly name: string
  readonly host: string
  readonly port: number
}

/** Where a balancer tells how it is, and what it looks at for that. */
export interface BalancerHealth {
  readonly hosts: readonly string[]
  readonly port: number
  /** The other balancers that could have the cloud's address, by where they tell how they are. */
  readonly peers?: readonly Neighbour[]
  /** Who else listens in this cloud, and so shows that this machine is not alone. Without any it is taken for not alone. */
  readonly witnesses?: readonly Neighbour[]
}

/**
 * The part of HAProxy's configuration that answers its neighbours: `/health` is 200 while it sees a controller that is up, `/address` while it
 * may hold the cloud's address, else 503; and `/metrics` for Prometheus. HAProxy looks at everybody anyway, so keepalived asks it, not them.
 */
export const healthOf = ({ hosts, port, peers = [], witnesses = [] }: BalancerHealth): string => `
frontend health
${hosts.map((host) => `  bind ${at(host, port)}`).join('\n')}
  # HAProxy answers this itself: it says no more than that it runs, and sees a controller.
  monitor-uri /health
  monitor fail if { nbsrv(controllers) eq 0 }
${peers.length > 0 ? addressRules(witnesses.length > 0) : ''}  http-request use-service prometheus-exporter if { path /metrics }
  http-request return status 404
${peers.length > 0 ? peersBackend(peers) : ''}${witnesses.length > 0 ? witnessesBackend(witnesses) : ''}`

const addressRules = (hasWitnesses: boolean): string => `${
  hasWitnesses
    ? `  # Nobody else in the cloud hears this machine, or it hears nobody: the address would lead clients astray here, and in a cut that
  # goes one way its advertisements would keep the others from taking it.
  http-request return status 503 if { path /address } { nbsrv(witnesses) eq 0 }
`
    : ''
}  http-request return status 200 if { path /address } { nbsrv(controllers) gt 0 }
  # It sees no controller. If another balancer does, the address is better there. If nobody does, it stays: requests then wait here
  # until a controller is back.
  http-request return status 503 if { path /address } { nbsrv(balancers) gt 0 }
  http-request return status 200 if { path /address }
`

const peersBackend = (peers: readonly Neighbour[]): string => `
# The other balancers, up while they see a controller.
backend balancers
  http-check send meth GET uri /health ver HTTP/1.1 hdr Host haproxy
  default-server check inter 500ms fastinter 250ms downinter 250ms fall 1 rise 2
${serversOf(peers)}
`

const witnessesBackend = (witnesses: readonly Neighbour[]): string => `
# Up is who takes a connection, whatever he would say on it.
backend witnesses
  option tcp-check
  default-server check inter 1s fastinter 250ms downinter 250ms fall 2 rise 1
${serversOf(witnesses)}
`

/** The lines by which a backend of HAProxy knows whom it asks. */
export const serversOf = (neighbours: readonly Neighbour[]): string =>
  neighbours.map(({ name, host, port }) => `  server ${name} ${at(host, port)}`).join('\n')
