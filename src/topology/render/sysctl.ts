import { hostsWith, type Topology, type TopologyHost } from '../model.ts'

interface Setting {
  readonly name: string
  readonly value: number
  readonly why: string
  readonly on: (topology: Topology, host: TopologyHost) => boolean
}

const everywhere = (): boolean => true

const settings: readonly Setting[] = [
  {
    name: 'net.ipv4.ip_nonlocal_bind',
    value: 1,
    why: 'HAProxy listens on the floating address before it is here.',
    on: (topology, host) => hostsWith(topology, 'balancer').includes(host),
  },
  {
    name: 'net.ipv6.ip_nonlocal_bind',
    value: 1,
    why: 'The same for an address of IPv6.',
    on: (topology, host) => hostsWith(topology, 'balancer').includes(host),
  },
  {
    name: 'net.ipv4.tcp_retries2',
    value: 6,
    why: 'A connection to a host that vanished ends after about 15 seconds, not after 15 minutes.',
    on: everywhere,
  },
  {
    name: 'vm.swappiness',
    value: 1,
    why: 'A database that waits for swapped memory looks dead to its peers.',
    on: (topology, host) => hostsWith(topology, 'database').includes(host),
  },
]

/** What the kernel of this host is to be told: name and value. */
export const sysctls = (topology: Topology, host: TopologyHost): readonly Pick<Setting, 'name' | 'value' | 'why'>[] =>
  settings.filter(({ on }) => on(topology, host))

/** The same as a file for /etc/sysctl.d. */
export const sysctlFile = (topology: Topology, host: TopologyHost): string =>
  sysctls(topology, host)
    .map(({ name, value, why }) => `# ${why}\n${name} = ${value}\n`)
    .join('')
