import { hostsWith } from '../model.ts'
import { closed, type RenderPart, script, unitOf } from './part.ts'
import { patroniConfig } from './patroni-config.ts'
import { ports } from './ports.ts'

/** PostgreSQL in the care of Patroni. */
export const patroni: RenderPart = (topology, host, rendering) => {
  if (topology.database !== 'patroni' || !hostsWith(topology, 'database').includes(host)) return undefined
  const { layout, secretOf } = rendering
  const [file, account, makeAccount] = ['patroni.yaml', 'account.sql', 'make-account'].map((name) => `${layout.etc}/patroni/${name}`) as [
    string,
    string,
    string,
  ]
  return {
    files: [
      closed(file, 'postgres', patroniConfig(topology, host, { rendering, makeAccount })),
      closed(account, 'postgres', accountSql(secretOf('database'))),
      script(makeAccount, accountScript(account)),
    ],
    units: [
      unitOf({
        name: 'patroni',
        description: 'PostgreSQL, and Patroni which chooses the primary',
        after: ['etcd'],
        leavesChildren: true,
        user: 'postgres',
        command: ['/usr/bin/patroni', file],
        // Patroni stops PostgreSQL in order, and tells the others.
        stopSeconds: 60,
        folders: [`${layout.lib}/patroni`, `${layout.run}/patroni`],
        ports: [
          { port: ports.postgresql, protocol: 'tcp', openTo: 'peers', why: 'SQL and replication' },
          { port: ports.patroni, protocol: 'tcp', openTo: 'peers', why: 'whether this node is the primary' },
        ],
      }),
    ],
  }
}

const accountSql = (password: string): string => `-- Written by skykeel. Run once, when the cluster is made.
CREATE ROLE skykeel LOGIN PASSWORD '${password}';
CREATE DATABASE skykeel OWNER skykeel;
`

const accountScript = (sql: string): string => `#!/bin/sh
# Run by Patroni once, on the first primary; $1 is where to connect.
# The password is in a file, because everybody on the host can read command lines.
exec /usr/lib/postgresql/15/bin/psql "$1" --no-psqlrc --quiet --set ON_ERROR_STOP=1 --file ${sql}
`
