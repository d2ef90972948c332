import { spawnSync } from 'node:child_process'

/** A program that some tests need and that npm can't bring. */
interface Part {
  readonly name: string
  /** What is skipped without it. */
  readonly tests: string
  readonly remedy: string
  readonly command: readonly [string, ...string[]]
}

const labPrograms = [
  ...['/usr/sbin/mariadbd', '/usr/lib/galera/libgalera_smm.so', '/usr/lib/rabbitmq/bin/rabbitmq-server', '/usr/sbin/haproxy'],
  ...['/usr/sbin/keepalived', '/usr/sbin/nft', '/usr/sbin/ip', '/usr/bin/rsync', '/usr/bin/nsenter'],
]

const parts = {
  mariadb: {
    name: 'MariaDB',
    tests: 'everything on MariaDB',
    remedy: 'Debian: apt-get install mariadb-server',
    command: ['mariadbd', '--version'],
  },
  rabbitmq: {
    name: 'RabbitMQ',
    tests: 'messaging on RabbitMQ',
    remedy: 'Debian: apt-get install rabbitmq-server',
    command: ['test', '-x', '/usr/lib/rabbitmq/bin/rabbitmq-server'],
  },
  haproxy: {
    name: 'HAProxy',
    tests: 'the generated HAProxy configuration',
    remedy: 'Debian: apt-get install haproxy',
    command: ['haproxy', '-v'],
  },
  openstack: {
    name: 'openstack client',
    tests: 'the walkthrough with the openstack client',
    remedy: 'Debian: apt-get install python3-openstackclient',
    command: ['openstack', '--version'],
  },
  tempest: {
    name: 'tempest',
    tests: "OpenStack's own tests",
    remedy: 'Debian: apt-get install tempest',
    command: ['/usr/bin/python3', '-c', 'import tempest'],
  },
  swift: {
    name: 'Swift',
    tests: 'images in a bucket',
    remedy: 'Debian: apt-get install python3-swift',
    command: ['/usr/bin/python3', '-c', 'import swift.common.wsgi'],
  },
  keepalived: {
    name: 'keepalived',
    tests: 'what is rendered for keepalived',
    remedy: 'Debian: apt-get install keepalived',
    command: ['keepalived', '--version'],
  },
  patroni: {
    name: 'Patroni',
    tests: 'what is rendered for Patroni',
    remedy: 'Debian: apt-get install patroni postgresql-15',
    command: ['patroni', '--version'],
  },
  nft: {
    name: 'nftables',
    tests: 'the rendered firewall',
    remedy: 'Debian: apt-get install nftables',
    command: ['nft', '--version'],
  },
  openssl: {
    name: 'OpenSSL',
    tests: 'the private authority of a front',
    remedy: 'Debian: apt-get install openssl',
    command: ['openssl', 'version'],
  },
  faketime: {
    name: 'faketime',
    tests: 'the clocks of a lab',
    remedy: 'Debian: apt-get install faketime',
    command: ['faketime', '--version'],
  },
  systemd: {
    name: 'systemd',
    tests: 'the rendered units',
    remedy: 'Debian: apt-get install systemd',
    command: ['systemd-analyze', '--version'],
  },
  lab: {
    name: 'lab with Galera',
    tests: 'what the drill finds in a lab',
    remedy: 'it takes root, namespaces, and the Debian packages that `skykeel lab up` names',
    command: ['sh', '-c', `${labPrograms.map((path) => `test -e ${path}`).join(' && ')} && unshare --net --mount --pid --uts --fork true`],
  },
  history: {
    name: 'history of this project',
    tests: 'what programs of the last release can bear',
    remedy: 'clone it with git',
    command: ['git', '-C', import.meta.dirname, 'rev-parse', '--verify', 'HEAD'],
  },
} as const satisfies Record<string, Part>

export type PartName = keyof typeof parts

/** Servers lie where the PATH of an ordinary user does not lead. */
export const withServers = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` }

/** Whether this machine has the program. */
export const has = (name: PartName): boolean => {
  const [program, ...args] = parts[name].command
  return spawnSync(program, args, { stdio: 'ignore', env: withServers }).status === 0
}

/** Programs that this machine lacks, with what is skipped for it and how to get them. */
export const missingParts = (): readonly Part[] =>
  (Object.keys(parts) as PartName[]).filter((name) => !has(name)).map((name) => parts[name])
