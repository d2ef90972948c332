import { existsSync } from 'node:fs'
import { StartupError } from '../config/startup-error.ts'

const programs: Record<string, string> = {
  '/usr/bin/nsenter': 'util-linux',
  '/usr/sbin/ip': 'iproute2',
  '/usr/sbin/nft': 'nftables',
  '/usr/sbin/haproxy': 'haproxy',
  '/usr/sbin/keepalived': 'keepalived',
  '/usr/lib/rabbitmq/bin/rabbitmq-server': 'rabbitmq-server',
}
const ofDatabase = {
  galera: { '/usr/sbin/mariadbd': 'mariadb-server', '/usr/lib/galera/libgalera_smm.so': 'galera-4', '/usr/bin/rsync': 'rsync' },
  patroni: { '/usr/bin/patroni': 'patroni', '/usr/bin/etcd': 'etcd-server', '/usr/lib/postgresql/15/bin/postgres': 'postgresql-15' },
}

/** Throws a StartupError when this machine can't run a lab, with everything that is missing. */
export function checkMachine(database: keyof typeof ofDatabase): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new StartupError(
      'A lab makes machines of network namespaces, which takes root on Linux',
      'Run it as root, in a container for example.',
    )
  const missing = Object.entries({ ...programs, ...ofDatabase[database] }).filter(([path]) => !existsSync(path))
  if (missing.length > 0) {
    throw new StartupError(
      `A lab with ${database} needs what this machine lacks: ${missing.map(([path]) => path).join(', ')}`,
      `Debian: apt-get install --no-install-recommends ${[...new Set(missing.map(([, name]) => name))].join(' ')}`,
    )
  }
}
