/** Where a database may answer. One of several hosts is writable; which one may change at any time. */
export interface DatabaseUrl {
  readonly family: 'postgres' | 'mysql'
  readonly hosts: readonly { readonly host: string; readonly port: number }[]
  readonly user: string
  readonly password: string
  readonly database: string
}

const schemes: Record<string, { family: DatabaseUrl['family']; port: number }> = {
  postgres: { family: 'postgres', port: 5432 },
  postgresql: { family: 'postgres', port: 5432 },
  mysql: { family: 'mysql', port: 3306 },
  mariadb: { family: 'mysql', port: 3306 },
}

/**
 * Reads `postgresql://user:password@host1:5432,host2/database`. A unix socket's folder may stand for the host,
 * percent-encoded (`%2Frun%2Fpostgresql`). Throws an Error that does not repeat the password.
 */
export function parseDatabaseUrl(url: string): DatabaseUrl {
  const parts = /^(\w+):\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/]+)\/([^?]+)/.exec(url)
  const scheme = parts && schemes[parts[1]!]
  if (!parts || !scheme) throw new Error('a database URL looks like postgresql://user:password@host1,host2/database or mysql://…')
  const [, , user = '', password = '', hostList = '', database = ''] = parts
  const hosts = hostList.split(',').map((entry) => {
    const [, host = '', port] = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(entry) ?? []
    return { host: decodeURIComponent(host).replace(/^\[|\]$/g, ''), port: port ? Number(port) : scheme.port }
  })
  return {
    family: scheme.family,
    hosts,
    user: decodeURIComponent(user),
    password: decodeURIComponent(password),
    database: decodeURIComponent(database),
  }
}
