import { readFileSync } from 'node:fs'
import { StartupError } from '../config/startup-error.ts'

/** A user of this machine. */
export interface LabUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

const root: LabUser = { name: 'root', uid: 0, gid: 0 }

const packages: Record<string, string> = {
  mysql: 'mariadb-server',
  postgres: 'patroni postgresql-15',
  etcd: 'etcd-server',
  rabbitmq: 'rabbitmq-server',
  haproxy: 'haproxy',
}

/** The user of this name. A lab runs our own programs as root where nobody has made their user; whoever else is missing lacks his package. */
export function userNamed(name: string): LabUser {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  if (uid !== undefined) return { name, uid: Number(uid), gid: Number(gid) }
  if (name === 'skykeel') return root
  throw new StartupError(`There is no user ${name} on this machine`, `Debian: apt-get install ${packages[name] ?? name}`)
}
