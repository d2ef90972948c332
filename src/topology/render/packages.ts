/** What a unit needs of Debian: packages, and the services that they start by themselves and that would be in the way. */
export interface DebianNeeds {
  readonly packages: readonly string[]
  readonly services: readonly string[]
}

const needs: Readonly<Record<string, DebianNeeds>> = {
  haproxy: { packages: ['haproxy'], services: ['haproxy.service'] },
  keepalived: { packages: ['keepalived'], services: ['keepalived.service'] },
  galera: { packages: ['mariadb-server', 'galera-4', 'rsync'], services: ['mariadb.service'] },
  garbd: { packages: ['galera-arbitrator-4'], services: ['garb.service'] },
  patroni: { packages: ['patroni', 'postgresql-15'], services: ['patroni.service', 'postgresql.service'] },
  etcd: { packages: ['etcd-server'], services: ['etcd.service'] },
  epmd: { packages: ['erlang-base'], services: ['epmd.service', 'epmd.socket'] },
  rabbitmq: { packages: ['rabbitmq-server'], services: ['rabbitmq-server.service'] },
}

/** What these units need of Debian 12. */
export function debianNeeds(units: readonly { readonly name: string }[]): DebianNeeds {
  const wanted = units.flatMap(({ name }) => needs[name] ?? [])
  return {
    packages: [...wanted.flatMap(({ packages }) => packages), 'nftables'],
    services: wanted.flatMap(({ services }) => services),
  }
}
